import { describe, expect, it } from 'vitest';
import { usualRuleName } from '../../../shared/model/rule-name.ts';
import type { RunStatus } from '../../../shared/model/run.ts';
import { phasesOf } from '../../../tests/alert-steps.ts';
import { runEnded } from './run-ended.ts';

const firesAt = (status: RunStatus, outcome: string): boolean =>
  phasesOf(runEnded, [{}, { ended: { status, exitCode: null } }], { outcome })[1] === 'firing';

describe('a run that ended', () => {
  it.each([
    ['finished-or-failed', ['finished', 'failed', 'interrupted']],
    ['failed', ['failed', 'interrupted']],
    ['finished', ['finished']],
    ['any', ['finished', 'failed', 'interrupted', 'stopped']],
  ])('is told of by %s when it is one of %j', (outcome, told) => {
    const statuses = ['finished', 'failed', 'stopped', 'interrupted'] as const;
    expect(statuses.filter((status) => firesAt(status, outcome)).toSorted()).toEqual(told.toSorted());
  });

  it('has a name that says all it tells of', () => {
    expect(usualRuleName(runEnded.descriptor, { outcome: 'finished-or-failed' })).toBe(
      'Run ended: finished, failed or interrupted',
    );
    expect(runEnded.descriptor.label).toBe('A run has ended');
  });

  it('is told of in that moment alone', () => {
    expect(phasesOf(runEnded, [{}, { ended: { status: 'failed', exitCode: 1 } }, {}])).toEqual([
      'armed',
      'firing',
      'armed',
    ]);
  });
});
