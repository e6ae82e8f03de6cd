import { ruleDescriptorDefaults } from '../../../shared/model/alert.ts';
import { type HoldState, initialHold, stepHold } from '../hold.ts';
import { defineRule, numberOf, secondsField } from '../rule.ts';

/** A power cap is somebody's choice; the rest holds the device back against its will. */
const powerCap = 'power cap';

/** Fires when every reading for `holdSeconds` named a reason for which the device is held back; clears when none did for `clearSeconds`. */
export const throttled = defineRule<HoldState>({
  descriptor: {
    ...ruleDescriptorDefaults,
    kind: 'throttled',
    label: 'A device is throttled',
    definition:
      'Fires when every reading for the hold named a reason for which the device is held back; clears when none did for the clearing time.',
    nameTemplate: 'Throttled for {holdSeconds} s',
    scopes: ['any-gpu', 'domain'],
    fields: [secondsField('holdSeconds', 'for', 60), secondsField('clearSeconds', 'Clears after free for', 30)],
    choices: [
      {
        key: 'reasons',
        label: 'Reasons',
        choices: [
          { value: 'against-its-will', label: 'Heat, current, hardware', scopes: null },
          { value: 'any', label: 'Any, power cap too', scopes: null },
        ],
      },
    ],
    unit: '',
  },
  initial: initialHold,
  valueOf: () => null,
  step(state, { atMs, throttleReasons }, params) {
    const counted = throttleReasons?.filter((reason) => params.reasons === 'any' || reason !== powerCap);
    return stepHold(state, {
      atMs,
      isOver: counted === undefined ? null : counted.length > 0,
      isBack: counted?.length === 0,
      holdSeconds: numberOf(params, 'holdSeconds'),
      clearSeconds: numberOf(params, 'clearSeconds'),
    });
  },
});
