import { describe, expect, it } from 'vitest';
import { engineContract } from '../../shared/contract/engine-contract.ts';
import type { MarkColumns } from '../../shared/model/progress.ts';
import { marksTold } from './marks-told.ts';

const columns: MarkColumns = {
  idPrefix: 'c',
  firstId: 7,
  atMs: [1000, 2000],
  step: [1, 2],
  kinds: [
    { kind: 'step', values: [1, 2] },
    { kind: 'loss', values: [0.5, 0.25] },
  ],
};
const isTaken = (one: unknown): boolean =>
  engineContract.requests['runs.mark'].payload.safeParse({ runId: 'r', columns: [one] }).success;

describe('marks of a request', () => {
  it('are the same in columns as one by one, moment by moment', () => {
    const mark = (kind: string, value: number, atMs: number, id: string, step: number) => ({
      kind,
      label: '',
      value,
      atMs,
      id,
      step,
    });
    expect(marksTold({ columns: [columns], marks: [mark('note', 3, 3000, 'n', 3)] })).toEqual([
      mark('step', 1, 1000, 'c-7', 1),
      mark('loss', 0.5, 1000, 'c-8', 1),
      mark('step', 2, 2000, 'c-9', 2),
      mark('loss', 0.25, 2000, 'c-10', 2),
      mark('note', 3, 3000, 'n', 3),
    ]);
  });

  it('are one with a kind where there are no others, and must be some', () => {
    expect(marksTold({ kind: 'note', label: 'here' })).toEqual([{ kind: 'note', label: 'here' }]);
    expect(() => marksTold({ value: 1 })).toThrow('A mark has a kind, or there are marks.');
  });

  it('are a thousand at most, counted as they are taken apart', () => {
    const values = Array.from({ length: 500 }, (_, i) => i);
    const full = { ...columns, atMs: values, step: values, kinds: ['step', 'loss'].map((kind) => ({ kind, values })) };
    expect(marksTold({ columns: [full] })).toHaveLength(1000);
    expect(() => marksTold({ columns: [full], marks: [{ kind: 'note', label: '' }] })).toThrow(
      '1001 marks are more than 1000',
    );
  });

  it('have columns of one length, of numbers', () => {
    expect(isTaken(columns)).toBe(true);
    expect(isTaken({ ...columns, step: null })).toBe(true);
    expect(isTaken({ ...columns, step: [1] })).toBe(false);
    expect(isTaken({ ...columns, epoch: [1, 2, 3] })).toBe(false);
    expect(isTaken({ ...columns, kinds: [{ kind: 'loss', values: [1, null] }] })).toBe(false);
    expect(isTaken({ ...columns, kinds: [] })).toBe(false);
    expect(isTaken({ ...columns, atMs: [] })).toBe(false);
  });
});
