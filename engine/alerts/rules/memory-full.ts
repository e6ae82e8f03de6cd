import { ruleDescriptorDefaults } from '../../../shared/model/alert.ts';
import { type HoldState, initialHold, stepHold } from '../hold.ts';
import { type AlertSample, defineRule, numberOf, secondsField, sharePercent } from '../rule.ts';

/** Memory used over all of it, in percent; null where either is not known. */
const shareUsed = ({ memoryUsedBytes, memoryTotalBytes }: AlertSample): number | null =>
  memoryUsedBytes === null || memoryTotalBytes === null || memoryTotalBytes <= 0
    ? null
    : sharePercent(memoryUsedBytes / memoryTotalBytes);

/** Fires when every reading for `holdSeconds` had more than a share of the device's memory in use. */
export const memoryFull = defineRule<HoldState>({
  descriptor: {
    ...ruleDescriptorDefaults,
    kind: 'memory-full',
    label: 'Memory is nearly full',
    definition:
      'Fires when every reading for the hold had more than this share of the memory in use; clears when every reading for the clearing time was at or below it less the margin.',
    nameTemplate: 'Memory above {limitPercent} % for {holdSeconds} s',
    scopes: ['any-gpu', 'domain'],
    fields: [
      { key: 'limitPercent', label: 'Fires above', unit: '%', min: 1, max: 100, step: 1, defaultValue: 95 },
      secondsField('holdSeconds', 'for', 30),
      secondsField('clearSeconds', 'Clears after below for', 30),
      { key: 'marginPercent', label: 'Margin', unit: '%', min: 0, max: 100, step: 1, defaultValue: 3 },
    ],
    unit: '%',
    limitKey: 'limitPercent',
    quantity: 'memoryUsedBytes',
  },
  initial: initialHold,
  valueOf: shareUsed,
  step(state, sample, params) {
    const share = shareUsed(sample);
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
