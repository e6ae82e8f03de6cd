import { ruleDescriptorDefaults } from '../../../shared/model/alert.ts';
import { type HoldState, initialHold, stepHold } from '../hold.ts';
import { defineRule, numberOf, secondsField } from '../rule.ts';

/**
 * Fires when every reading for `holdSeconds` was above `limitWatts`; clears when every reading for `clearSeconds` was at or below it, less the margin. A
 * missing reading proves neither: a hold that was under way starts anew, a firing alert stays.
 */
export const sustainedPower = defineRule<HoldState>({
  descriptor: {
    ...ruleDescriptorDefaults,
    kind: 'sustained-power',
    label: 'Power stays above a limit',
    definition:
      'Fires when every reading for the hold was above the limit; clears when every reading for the clearing time was at or below the limit less the margin.',
    nameTemplate: 'Power above {limitWatts} W for {holdSeconds} s',
    scopes: ['machine', 'any-gpu', 'domain', 'any-run', 'run', 'any-project', 'project'],
    fields: [
      { key: 'limitWatts', label: 'Fires above', unit: 'W', min: 1, max: 1_000_000, step: 1, defaultValue: 300 },
      secondsField('holdSeconds', 'for', 30),
      secondsField('clearSeconds', 'Clears after below for', 10),
      { key: 'marginWatts', label: 'Margin', unit: 'W', min: 0, max: 1_000_000, step: 1, defaultValue: 0 },
    ],
    unit: 'W',
    limitKey: 'limitWatts',
    quantity: 'powerWatts',
  },
  initial: initialHold,
  valueOf: ({ powerWatts }) => powerWatts,
  step(state, { atMs, powerWatts }, params) {
    const limit = numberOf(params, 'limitWatts', Number.POSITIVE_INFINITY);
    return stepHold(state, {
      atMs,
      isOver: powerWatts === null ? null : powerWatts > limit,
      isBack: powerWatts !== null && powerWatts <= limit - numberOf(params, 'marginWatts'),
      holdSeconds: numberOf(params, 'holdSeconds'),
      clearSeconds: numberOf(params, 'clearSeconds'),
    });
  },
});
