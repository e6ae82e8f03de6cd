import { ruleDescriptorDefaults } from '../../../shared/model/alert.ts';
import { type HoldState, initialHold, stepHold } from '../hold.ts';
import { type AlertSample, defineRule, numberOf, secondsField, sharePercent } from '../rule.ts';

interface State {
  readonly hold: HoldState;
  /** It worked once: before that, a run loads and compiles, and is not stalled. */
  readonly hasWorked: boolean;
}

const percentOf = ({ utilizationRatio }: AlertSample): number | null =>
  utilizationRatio === null ? null : sharePercent(utilizationRatio);

/**
 * Fires when a run that once worked (`workingPercent`) has stayed under `limitPercent` for `holdSeconds` while its process lives; clears when it is above
 * that, and the margin, for `clearSeconds`. A run that is paused does not stall.
 */
export const stalledRun = defineRule<State>({
  descriptor: {
    ...ruleDescriptorDefaults,
    kind: 'stalled-run',
    label: 'A run has stalled',
    definition:
      'Fires when a run that once worked stayed under this utilisation for the hold while its process lives; clears when every reading for the clearing time was above it and the margin, or the run ends. Without a GPU: of the CPU time it used at most.',
    nameTemplate: 'Utilisation under {limitPercent} % for {holdSeconds} s',
    scopes: ['any-run', 'run', 'project'],
    fields: [
      { key: 'limitPercent', label: 'Fires under', unit: '%', min: 1, max: 100, step: 1, defaultValue: 5 },
      secondsField('holdSeconds', 'for', 600),
      secondsField('clearSeconds', 'Clears after above for', 30),
      { key: 'marginPercent', label: 'Margin', unit: '%', min: 0, max: 100, step: 1, defaultValue: 5 },
      { key: 'workingPercent', label: 'Worked at', unit: '%', min: 1, max: 100, step: 1, defaultValue: 20 },
    ],
    unit: '%',
    limitKey: 'limitPercent',
  },
  initial: { hold: initialHold, hasWorked: false },
  isLowWorse: true,
  isOfRuns: true,
  valueOf: percentOf,
  step(state, sample, params) {
    const percent = percentOf(sample);
    const limit = numberOf(params, 'limitPercent', 0);
    const hasWorked = state.hasWorked || (percent !== null && percent >= numberOf(params, 'workingPercent', 20));
    const isKnown = percent !== null && sample.isAlive === true;
    const { phase, state: hold } = stepHold(state.hold, {
      atMs: sample.atMs,
      isOver: isKnown ? hasWorked && percent < limit : null,
      isBack: percent !== null && percent >= Math.min(100, limit + numberOf(params, 'marginPercent')),
      holdSeconds: numberOf(params, 'holdSeconds'),
      clearSeconds: numberOf(params, 'clearSeconds'),
    });
    return { phase, state: { hold, hasWorked } };
  },
});
