import { describe, expect, it } from 'vitest';
import { reportExample } from '../shared/model/report-fixture.ts';
import type { RunReport } from '../shared/model/run.ts';
import { joulesFromKwh } from '../shared/units.ts';
import { comparisonJson, comparisonText, differenceText } from './comparison-text.ts';

const using = (kwh: number): Partial<RunReport['energy']> => ({
  totalJoules: joulesFromKwh(kwh),
  lowJoules: joulesFromKwh(kwh * 0.95),
  highJoules: joulesFromKwh(kwh * 1.05),
});
const second = reportExample({
  run: { id: 'b2', name: 'sft-r2', command: ['python', 'train.py', '--lr', '3e-5'], tags: { seed: '7' } },
  energy: using(3),
});

describe('comparisonText', () => {
  it('holds each run against the first, with bounds in whole columns', () => {
    // 2 kWh ±0.1 (band 0.1: two digits) and 3 kWh ±0.15. Half more: least 2.85 / 2.1 − 1 = 35.7 %, most 3.15 / 1.9 − 1 = 65.8 %.
    // Sides 14.3 and 15.8, within a fifth of each other; the larger rounds up to two digits, 16.
    const text = comparisonText([reportExample(), second]);
    const line = (name: string): string => text.split('\n').find((each) => each.startsWith(name)) ?? '';
    expect(line('Energy ')).toMatch(/^Energy +kWh +2\.00 ±0\.10 +3\.00 ±0\.15 +\+50 % ±16$/);
    expect(line('  bounds')).toMatch(/1\.90 – 2\.10 +2\.85 – 3\.15$/);
    expect(line('Duration')).toMatch(/2 h 0 min +2 h 0 min +same$/);
    expect(line('sft-r1')).toContain('a1  finished, the reference');
  });

  it('shows the settings that differ, with the words in brackets, and no others', () => {
    const text = comparisonText([reportExample(), second]);
    expect(text).toContain('Command\n  sft-r1  python train.py --lr 2e-5\n  sft-r2  python train.py --lr [3e-5]');
    expect(text).toContain('Tag seed\n  sft-r1  –\n  sft-r2  7');
    expect(text).not.toContain('Region');
  });

  it('says of a run that goes on that its sums are not compared', () => {
    const running = reportExample({ run: { name: 'now', status: 'running', endedAt: null }, energy: using(1) });
    const text = comparisonText([reportExample(), running]);
    expect(text).toContain('its sums are not compared: now');
    expect(text).toMatch(/^Energy .*still runs$/m);
  });

  it('is plain text of one line a row, whatever a name holds', () => {
    const hostile = reportExample({ run: { name: 'a\u001b[31m\nb', tags: { 'k\u0007': '\r' } } });
    const text = comparisonText([reportExample(), hostile]);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text).toContain('a?[31m?b');
  });
});

describe('differenceText', () => {
  it('has a word for every kind', () => {
    expect(differenceText({ kind: 'within-bounds', ratio: 0.01 })).toBe('≈ within bounds');
    expect(differenceText({ kind: 'from-zero' })).toBe('more than none');
    expect(differenceText({ kind: 'unknown', why: 'missing' })).toBe('–');
    expect(differenceText({ kind: 'unknown', why: 'currency' })).toBe('other currency');
    expect(differenceText({ kind: 'differs', ratio: -0.034, lowRatio: null, highRatio: null })).toBe('-3.4 %');
    // −50 % with −90 and −30: the sides, 40 and 20, differ by more than a fifth.
    expect(differenceText({ kind: 'differs', ratio: -0.5, lowRatio: -0.9, highRatio: -0.3 })).toBe('-50 % (-90 – -30)');
  });
});

it('gives scripts whole numbers, with null for what is missing', () => {
  const json = JSON.parse(JSON.stringify(comparisonJson([reportExample({ cost: null }), second])));
  expect(json).toMatchObject({ schemaVersion: 1, referenceId: 'a1', runs: [{ id: 'a1' }, { id: 'b2' }] });
  const figure = (id: string) => json.figures.find((each: { id: string }) => each.id === id);
  expect(figure('energyJoules').values[1]).toEqual({
    runId: 'b2',
    value: joulesFromKwh(3),
    low: joulesFromKwh(3 * 0.95),
    high: joulesFromKwh(3 * 1.05),
    difference: { kind: 'differs', why: null, ratio: 0.5, lowRatio: expect.any(Number), highRatio: expect.any(Number) },
  });
  expect(figure('cost').values[0]).toMatchObject({ value: null, low: null, difference: { kind: 'reference' } });
  expect(figure('cost').values[1].difference).toMatchObject({ kind: 'unknown', why: 'missing', ratio: null });
});
