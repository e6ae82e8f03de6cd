import { counterDelta } from '../../../engine/energy/counter-delta.ts';
import { stepMeter } from '../../../engine/energy/meter.ts';
import { flushMeter, initialMeter, type MeterStep } from '../../../engine/energy/meter-state.ts';
import type { SourceReading } from '../../../engine/sources/source.ts';
import type { GapReason } from '../../../shared/model/domain.ts';
import { exampleReading } from '../../examples.ts';
import type { Random } from '../random.ts';
import { BrokenRule, type FuzzSubject } from '../subject.ts';

const strange = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1,
  -0,
  0,
  1e-9,
  1e12,
  1.8e19,
  262_143,
];
const reasons: readonly GapReason[] = ['failed', 'timeout', 'lost', 'no-reading'];
const rangeJoules = 262_143;

/** A device that draws 0 to 400 W, whose counter wraps, stands still and starts anew, read at odd times by something that fails. */
function readings(random: Random): readonly SourceReading[] {
  let atMs = random.below(1_000_000);
  let counterJoules = random.below(rangeJoules);
  const hasCounter = random.oneIn(2);
  const powerWindowSeconds = random.pick([0, 0.025, 1], 0);
  return Array.from({ length: 1 + random.below(40) }, () => {
    const stepMs = random.oneIn(10) ? random.below(40_000) - 2000 : random.below(2000);
    const powerWatts = random.below(400);
    atMs += stepMs;
    counterJoules = (counterJoules + (powerWatts * Math.max(0, stepMs)) / 1000) % rangeJoules;
    if (random.oneIn(12)) counterJoules = random.below(100);
    return exampleReading(atMs, {
      powerWatts: random.oneIn(8) ? random.pick([...strange, null], null) : powerWatts,
      powerWindowSeconds,
      counterJoules:
        hasCounter && !random.oneIn(8) ? (random.oneIn(10) ? random.pick(strange, 0) : counterJoules) : null,
      counterRangeJoules: random.oneIn(3) ? null : rangeJoules,
      error: { lowRatio: 0.95, highRatio: 1.05, offsetWatts: random.below(6) },
      missing: random.oneIn(9) ? { reason: random.pick(reasons, 'failed'), note: 'x' } : null,
    });
  });
}

function checkStep(step: MeterStep, endMs: number): number {
  let accountedMs = endMs;
  for (const { fromMs, toMs, joules, lowJoules, highJoules } of step.intervals) {
    if (![fromMs, toMs, joules, lowJoules, highJoules].every(Number.isFinite))
      throw new BrokenRule('an interval with a number that is none');
    if (joules < 0) throw new BrokenRule(`${joules} J in an interval`);
    if (lowJoules > joules * (1 + 1e-9) + 1e-9 || highJoules < joules * (1 - 1e-9) - 1e-9)
      throw new BrokenRule(`${joules} J outside ${lowJoules} to ${highJoules} J`);
    if (toMs <= fromMs) throw new BrokenRule(`an interval from ${fromMs} to ${toMs} ms`);
    if (fromMs < accountedMs)
      throw new BrokenRule(`an interval from ${fromMs} ms, accounted for up to ${accountedMs} ms`);
    accountedMs = toMs;
  }
  for (const gap of step.gaps)
    if (!(gap.toMs >= gap.fromMs)) throw new BrokenRule(`a gap from ${gap.fromMs} to ${gap.toMs} ms`);
  return accountedMs;
}

/** Two readings of any counter: their difference is unknown, or what the device can have drawn. */
function checkCounterDelta(random: Random): null {
  const number = (limit: number): number =>
    random.oneIn(8) ? Math.max(0, random.pick(strange.filter(Number.isFinite), 0)) : random.below(limit);
  const step = {
    fromJoules: number(rangeJoules),
    toJoules: number(rangeJoules),
    rangeJoules: random.oneIn(3) ? null : number(rangeJoules),
    lagSeconds: random.below(20) / 10,
    elapsedSeconds: random.below(10_000) / random.pick([1, 100, 10_000], 1),
    maxWatts: 1 + random.below(2000),
    mostJoulesBeside: random.oneIn(2) ? null : number(rangeJoules),
    lastMeanWatts: random.oneIn(3) ? null : random.below(600),
    swing: random.oneIn(3)
      ? null
      : {
          lowWatts: random.below(300),
          highWatts: 300 + random.below(600),
          lastWatts: random.oneIn(3) ? null : random.below(900),
          gathered: { joules: 0, seconds: 0 },
        },
  };
  const delta = counterDelta(step);
  const joules = delta?.joules ?? null;
  // A counter that is read late may have a quarter of a second more in it; one without a range a whole second.
  const mostJoules = step.maxWatts * (step.elapsedSeconds + Math.max(1, step.lagSeconds + 0.25));
  const besideJoules = step.rangeJoules === null ? (step.mostJoulesBeside ?? mostJoules) : mostJoules;
  if (joules !== null && !(joules >= 0 && joules <= Math.min(mostJoules, besideJoules)))
    throw new BrokenRule(`${joules} J of at most ${mostJoules} J: ${JSON.stringify(step)}`);
  return null;
}

export const energySubjects: readonly FuzzSubject[] = [
  { id: 'counter delta', seeds: () => [''], run: (_, random) => checkCounterDelta(random) },
  {
    id: 'energy meter',
    seeds: () => [''],
    run(_, random) {
      const options = { periodMs: 1000, longestStepMs: 10_000, longestBridgeMs: 600_000, maxWatts: 600 };
      let state = initialMeter;
      let accountedMs = Number.NEGATIVE_INFINITY;
      const take = (step: MeterStep): void => {
        accountedMs = checkStep(step, accountedMs);
        state = step.state;
      };
      const all = readings(random);
      for (const reading of all) take(stepMeter(state, reading, options));
      take(flushMeter(state, 'gpu:GPU-0', (all.at(-1)?.atMs ?? 0) + 1000, 'no-reading'));
      return null;
    },
  },
];
