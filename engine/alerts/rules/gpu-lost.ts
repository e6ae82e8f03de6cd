import { ruleDescriptorDefaults } from '../../../shared/model/alert.ts';
import { type HoldState, initialHold, stepHold } from '../hold.ts';
import { defineRule, numberOf, secondsField } from '../rule.ts';

/** Fires when a device that was read is said to be gone for `holdSeconds`; clears when it was read again for `clearSeconds`. */
export const gpuLost = defineRule<HoldState>({
  descriptor: {
    ...ruleDescriptorDefaults,
    kind: 'gpu-lost',
    label: 'A GPU is lost',
    definition:
      'Fires when the driver says for the hold that a device which was there is gone; clears when it was read again for the clearing time.',
    nameTemplate: 'GPU lost',
    scopes: ['any-gpu', 'domain'],
    fields: [secondsField('holdSeconds', 'for', 5), secondsField('clearSeconds', 'Clears after back for', 10)],
    unit: '',
  },
  initial: initialHold,
  valueOf: () => null,
  step: (state, { atMs, presence }, params) =>
    stepHold(state, {
      atMs,
      isOver: presence === null || presence === 'blind' ? null : presence === 'lost',
      isBack: presence === 'read' || presence === 'asleep',
      holdSeconds: numberOf(params, 'holdSeconds'),
      clearSeconds: numberOf(params, 'clearSeconds'),
    }),
});
