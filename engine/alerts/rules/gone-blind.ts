import { ruleDescriptorDefaults } from '../../../shared/model/alert.ts';
import { type HoldState, initialHold, stepHold } from '../hold.ts';
import { defineRule, numberOf, secondsField } from '../rule.ts';

/**
 * Fires when a part that was read once has had no reading for `silentSeconds`; clears when it was read again for `clearSeconds`. A device that sleeps or is
 * rested between two readings is not blind, and one that is lost is another rule's. Of the machine: when nothing at all is read.
 */
export const goneBlind = defineRule<HoldState>({
  descriptor: {
    ...ruleDescriptorDefaults,
    kind: 'gone-blind',
    label: 'A sensor has gone blind',
    definition:
      'Fires when what was read before had no reading for so long; clears when it was read again for the clearing time. What sleeps is not blind; what is lost is another rule’s.',
    nameTemplate: 'No reading for {silentSeconds} s',
    scopes: ['any-domain', 'machine', 'any-gpu', 'domain'],
    fields: [
      { key: 'silentSeconds', label: 'No reading for', unit: 's', min: 1, max: 86_400, step: 1, defaultValue: 60 },
      secondsField('clearSeconds', 'Clears after read for', 10),
    ],
    unit: 's',
    limitKey: 'silentSeconds',
  },
  initial: initialHold,
  valueOf: ({ silentSeconds }) => silentSeconds,
  step(state, { atMs, presence, silentSeconds }, params) {
    const isSilent = silentSeconds === null ? null : silentSeconds >= numberOf(params, 'silentSeconds', 60);
    return stepHold(state, {
      atMs,
      isOver: presence === 'lost' ? null : isSilent,
      isBack: presence === 'read' || presence === 'asleep',
      holdSeconds: 0,
      clearSeconds: numberOf(params, 'clearSeconds'),
    });
  },
});
