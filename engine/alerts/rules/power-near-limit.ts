import { ruleDescriptorDefaults } from '../../../shared/model/alert.ts';
import { type HoldState, initialHold, stepHold } from '../hold.ts';
import { type AlertSample, defineRule, numberOf, secondsField, sharePercent } from '../rule.ts';

/** Power over the limit in force, in percent; null where either is not known. */
const shareOfLimit = ({ powerWatts, limitWatts }: AlertSample): number | null =>
  powerWatts === null || limitWatts === null || limitWatts <= 0 ? null : sharePercent(powerWatts / limitWatts);

/** Fires when every reading for `holdSeconds` was above a share of the device's own power limit, as it is set then. */
export const powerNearLimit = defineRule<HoldState>({
  descriptor: {
    ...ruleDescriptorDefaults,
    kind: 'power-near-limit',
    label: 'Power is near the device’s limit',
    definition:
      'Fires when every reading for the hold was above this share of the power limit in force; clears when every reading for the clearing time was at or below it less the margin.',
    nameTemplate: 'Power above {limitPercent} % of the limit for {holdSeconds} s',
    scopes: ['any-gpu', 'domain'],
    fields: [
      { key: 'limitPercent', label: 'Fires above', unit: '%', min: 1, max: 200, step: 1, defaultValue: 95 },
      secondsField('holdSeconds', 'for', 300),
      secondsField('clearSeconds', 'Clears after below for', 60),
      { key: 'marginPercent', label: 'Margin', unit: '%', min: 0, max: 100, step: 1, defaultValue: 2 },
    ],
    unit: '%',
    limitKey: 'limitPercent',
  },
  initial: initialHold,
  valueOf: shareOfLimit,
  step(state, sample, params) {
    const share = shareOfLimit(sample);
    const limit = numberOf(params, 'limitPercent', Number.POSITIVE_INFINITY);
    return stepHold(state, {
      atMs: sample.atMs,
      isOver: share === null ? null : share > limit,
      isBack: share !== null && share <= limit - numberOf(params, 'marginPercent'),
      holdSeconds: numberOf(params, 'holdSeconds'),
      clearSeconds: numberOf(params, 'clearSeconds'),
    });
  },
});
