import { ruleDescriptorDefaults } from '../../../shared/model/alert.ts';
import { bytesFromMebibytes } from '../../../shared/units.ts';
import { type HoldState, initialHold, stepHold } from '../hold.ts';
import { defineRule, numberOf, secondsField, sharePercent } from '../rule.ts';

/**
 * Fires when processes held at least `heldMebibytes` of a GPU's memory, and it did at most `limitPercent`, in every reading for `holdSeconds`. Clears when
 * it worked, or was let go, for `clearSeconds`. Where processes or utilisation cannot be seen it stays silent.
 */
export const idleHeld = defineRule<HoldState>({
  descriptor: {
    ...ruleDescriptorDefaults,
    kind: 'idle-held',
    label: 'A GPU is held idle',
    definition:
      'Fires when processes held at least so much of a GPU’s memory while it did no more than this in every reading for the hold; clears when it worked or was let go for the clearing time.',
    nameTemplate: 'Held idle for {holdSeconds} s',
    scopes: ['any-gpu', 'domain'],
    fields: [
      { key: 'limitPercent', label: 'Idle up to', unit: '%', min: 0, max: 100, step: 1, defaultValue: 2 },
      secondsField('holdSeconds', 'for', 1800),
      secondsField('clearSeconds', 'Clears after work for', 30),
      {
        key: 'heldMebibytes',
        label: 'Holding at least',
        unit: 'MiB',
        min: 0,
        max: 1_000_000,
        step: 1,
        defaultValue: 500,
      },
    ],
    unit: '%',
    limitKey: 'limitPercent',
  },
  initial: initialHold,
  isLowWorse: true,
  valueOf: ({ utilizationRatio }) => (utilizationRatio === null ? null : sharePercent(utilizationRatio)),
  step(state, { atMs, heldBytes, utilizationRatio }, params) {
    const isIdle =
      utilizationRatio === null ? null : sharePercent(utilizationRatio) <= numberOf(params, 'limitPercent');
    const isHeld =
      heldBytes === null ? null : heldBytes > 0 && heldBytes >= bytesFromMebibytes(numberOf(params, 'heldMebibytes'));
    // One of them denied is enough to know that it is not so.
    const isOver = isIdle === false || isHeld === false ? false : isIdle === null || isHeld === null ? null : true;
    return stepHold(state, {
      atMs,
      isOver,
      isBack: isOver === false,
      holdSeconds: numberOf(params, 'holdSeconds'),
      clearSeconds: numberOf(params, 'clearSeconds'),
    });
  },
});
