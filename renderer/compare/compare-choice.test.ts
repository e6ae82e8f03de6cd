import { describe, expect, it } from 'vitest';
import { compareRefusal, newestTwo, runBefore, shortLabels, withReference } from './compare-choice.ts';

const run = (id: string, day: number, changes: Partial<Parameters<typeof runBefore>[0]> = {}) => ({
  id,
  name: id,
  project: 'sft',
  status: 'finished' as const,
  startedAt: `2026-11-${String(day).padStart(2, '0')}T10:00:00.000Z`,
  ...changes,
});

it('compares two to eight runs', () => {
  expect([0, 1, 2, 8, 9].map(compareRefusal)).toEqual(['too-few', 'too-few', null, null, 'too-many']);
});

it('offers the newest two that finished, the older as the reference', () => {
  const runs = [run('a', 1), run('d', 4, { status: 'running' }), run('c', 3), run('b', 2)];
  expect(newestTwo(runs)).toEqual(['b', 'c']);
  expect(newestTwo([run('a', 1), run('d', 4, { status: 'failed' })])).toEqual([]);
});

describe('the run before', () => {
  it('is the newest of the same name, else of the same project', () => {
    const now = run('now', 9, { name: 'r' });
    const named = run('old', 1, { name: 'r', project: null });
    expect(runBefore(now, [now, named, run('near', 8)])?.id).toBe('old');
    expect(runBefore(now, [now, run('far', 2), run('near', 8), run('later', 10)])?.id).toBe('near');
  });

  it('is none in no project, and none that is the run itself', () => {
    const alone = run('now', 9, { project: null });
    expect(runBefore(alone, [alone, run('b', 8, { project: null })])).toBeNull();
  });
});

it('puts the reference first and keeps the order of the others', () => {
  expect(withReference(['a', 'b', 'c'], 'c')).toEqual(['c', 'a', 'b']);
});

describe('short labels', () => {
  it('are the ends of names that begin alike, in whole words', () => {
    expect(shortLabels(['llama3-8b-sft-r1', 'llama3-8b-sft-r2'])).toEqual(['r1', 'r2']);
    expect(shortLabels(['run-12', 'run-13'])).toEqual(['12', '13']);
    expect(shortLabels(['base', 'large'])).toEqual(['base', 'large']);
  });

  it('are numbers where the ends are long, equal or nothing', () => {
    expect(shortLabels(['vit-large-drop02', 'bert-base-uncased'])).toEqual(['1', '2']);
    expect(shortLabels(['same', 'same'])).toEqual(['1', '2']);
    expect(shortLabels(['sft-', 'sft-r1'])).toEqual(['1', '2']);
    expect(shortLabels([])).toEqual([]);
  });
});
