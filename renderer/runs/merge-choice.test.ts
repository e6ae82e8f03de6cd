import { expect, it } from 'vitest';
import { mergeHost, mergeRefusal } from './merge-choice.ts';
import { runSummary } from './run-fixtures.ts';

const found = runSummary({ id: 'found', foundBy: 'process', startedAt: '2025-11-22T20:00:00.000Z' });
const later = runSummary({ id: 'later', foundBy: 'process', startedAt: '2025-11-22T22:00:00.000Z' });
const wrapped = runSummary({ id: 'wrapped', startedAt: '2025-11-22T23:00:00.000Z' });

it('makes runs one that have ended, and running ones only where they were found', () => {
  expect(mergeRefusal([found, later])).toBeNull();
  expect(mergeRefusal([found, { ...later, status: 'running' }])).toBeNull();
  expect(mergeRefusal([found, { ...wrapped, status: 'running' }])).toBe('running');
  expect(mergeRefusal([found])).toBe('too-few');
});

it('keeps the name of a run that a person began, else of the earliest', () => {
  expect(mergeHost([later, wrapped, found])?.id).toBe('wrapped');
  expect(mergeHost([later, found])?.id).toBe('found');
  expect(mergeHost([])).toBeNull();
});
