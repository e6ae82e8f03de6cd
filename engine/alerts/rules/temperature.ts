import { ruleDescriptorDefaults } from '../../../shared/model/alert.ts';
import { type HoldState, initialHold, stepHold } from '../hold.ts';
import { defineRule, numberOf, secondsField } from '../rule.ts';

/** Fires when every reading for `holdSeconds` was hotter than `limitCelsius`; clears below it less the margin. */
export const temperature = defineRule<HoldState>({
  descriptor: {
    ...ruleDescriptorDefaults,
    kind: 'temperature',
    label: 'Temperature stays above a limit',
    definition:
      'Fires when every reading for the hold was hotter than the limit; clears when every reading for the clearing time was at or below the limit less the margin.',
    nameTemplate: 'Hotter than {limitCelsius} °C for {holdSeconds} s',
    scopes: ['any-gpu', 'domain'],
    fields: [
      { key: 'limitCelsius', label: 'Fires above', unit: '°C', min: 1, max: 150, step: 1, defaultValue: 85 },
      secondsField('holdSeconds', 'for', 60),
      secondsField('clearSeconds', 'Clears after below for', 30),
      { key: 'marginCelsius', label: 'Margin', unit: '°C', min: 0, max: 50, step: 1, defaultValue: 3 },
    ],
    unit: '°C',
    limitKey: 'limitCelsius',
    quantity: 'temperatureCelsius',
  },
  initial: initialHold,
  valueOf: ({ temperatureCelsius }) => temperatureCelsius,
  step(state, { atMs, temperatureCelsius }, params) {
    const limit = numberOf(params, 'limitCelsius', Number.POSITIVE_INFINITY);
    return stepHold(state, {
      atMs,
      isOver: temperatureCelsius === null ? null : temperatureCelsius > limit,
      isBack: temperatureCelsius !== null && temperatureCelsius <= limit - numberOf(params, 'marginCelsius'),
      holdSeconds: numberOf(params, 'holdSeconds'),
      clearSeconds: numberOf(params, 'clearSeconds'),
    });
  },
});
