import { ruleDescriptorDefaults } from '../../../shared/model/alert.ts';
import { defineRule } from '../rule.ts';

/** Fires in the moment a run has ended, if it ended so. What a person stopped, that person knows: only 'any' tells of it. */
export const runEnded = defineRule<null>({
  descriptor: {
    ...ruleDescriptorDefaults,
    kind: 'run-ended',
    label: 'A run has ended',
    definition: 'Fires once in the moment a run has ended in one of these ways; there is nothing to clear.',
    nameTemplate: 'Run ended: {outcome}',
    scopes: ['any-run', 'run', 'project'],
    fields: [],
    choices: [
      {
        key: 'outcome',
        label: 'Ended how',
        choices: [
          { value: 'finished-or-failed', label: 'Finished, failed or interrupted', scopes: null },
          { value: 'failed', label: 'Failed or interrupted', scopes: null },
          { value: 'finished', label: 'Finished', scopes: null },
          { value: 'any', label: 'In any way, stopped too', scopes: null },
        ],
      },
    ],
    unit: '',
    isMoment: true,
  },
  initial: null,
  isOfRuns: true,
  valueOf: () => null,
  step(state, { ended }, params) {
    const isMet = ended !== null && matches(String(params.outcome ?? 'finished-or-failed'), ended.status);
    return { state, phase: isMet ? 'firing' : 'armed', isMoment: true };
  },
});

function matches(outcome: string, status: string): boolean {
  const isFailed = status === 'failed' || status === 'interrupted';
  switch (outcome) {
    case 'failed':
      return isFailed;
    case 'finished':
      return status === 'finished';
    case 'any':
      return status !== 'running';
    default:
      return isFailed || status === 'finished';
  }
}
