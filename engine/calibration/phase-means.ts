import { percentFromRatio } from '../../shared/units.ts';

/** One look at the machine and its meter. Null is 'not known'. */
export interface Sample {
  readonly machineWatts: number | null;
  readonly cpuWatts: number | null;
  readonly wallWatts: number | null;
  readonly cpuLoadRatio: number | null;
}

/** Means over the settled part of a phase, with the standard error of the mean (samples taken as independent). */
export interface PhaseMeans {
  /** Unix time of its middle. */
  readonly atMs: number;
  readonly machineWatts: number;
  readonly machineStandardErrorWatts: number;
  readonly cpuWatts: number | null;
  readonly wallWatts: number | null;
  readonly wallStandardErrorWatts: number | null;
  /** Standard deviation of the wall's samples, of the machine's where there is no meter. */
  readonly deviationWatts: number;
  readonly cpuLoadRatio: number | null;
}

export type RefusalReason = 'no-reading' | 'not-idle' | 'unsteady' | 'not-loaded' | 'no-rise' | 'load-failed';

/** A calibration that would be wrong: for the person to try again. */
export class Refusal extends Error {
  readonly reason: RefusalReason;
  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.name = 'Refusal';
    this.reason = reason;
  }
}

/** Other load than this at idle makes it no idle. */
const mostIdleRatio = 0.05;
/** Less than this under load, and something else holds the cores, or the machine lent out only some of them. */
const leastLoadRatio = 0.9;
/** Spread about the mean, as a share of it and in watts, above which a machine does something by itself. */
const mostSpreadRatio = 0.1;
const mostSpreadWatts = 5;
const leastRiseWatts = 3;

export interface PhaseFacts {
  readonly atMs: number;
  readonly isWallAsked: boolean;
}

/** A machine that slept or stood still in a phase was not watched for it. */
const leastSamples = 20;

/** Throws Refusal where more than half of the samples have no reading of the machine, or of the meter where there is one. */
export function meansOf(samples: readonly Sample[], phase: PhaseFacts): PhaseMeans {
  if (samples.length < leastSamples)
    throw new Refusal('no-reading', `Only ${samples.length} looks at the machine in a minute: did it sleep?`);
  const machine = statisticsOf(samples.map((sample) => sample.machineWatts));
  const wall = statisticsOf(samples.map((sample) => sample.wallWatts));
  if (machine === null || machine.count < samples.length / 2)
    throw new Refusal('no-reading', 'The machine has no reading of its own power for most of the time.');
  if (phase.isWallAsked && (wall === null || wall.count < samples.length / 2))
    throw new Refusal('no-reading', 'The wattmeter gave no reading for most of the time.');
  return {
    atMs: phase.atMs,
    machineWatts: machine.mean,
    machineStandardErrorWatts: machine.standardError,
    cpuWatts: statisticsOf(samples.map((sample) => sample.cpuWatts))?.mean ?? null,
    wallWatts: wall?.mean ?? null,
    wallStandardErrorWatts: wall?.standardError ?? null,
    deviationWatts: (wall ?? machine).deviation,
    cpuLoadRatio: statisticsOf(samples.map((sample) => sample.cpuLoadRatio))?.mean ?? null,
  };
}

/** Throws Refusal for an idle that was none. */
export function refuseUnsteady(idle: PhaseMeans): void {
  if (idle.cpuLoadRatio !== null && idle.cpuLoadRatio > mostIdleRatio)
    throw new Refusal(
      'not-idle',
      `The machine was not idle: other programs used ${percentFromRatio(idle.cpuLoadRatio).toFixed(0)} % of the CPU. Close them and try again.`,
    );
  const level = idle.wallWatts ?? idle.machineWatts;
  if (idle.deviationWatts > Math.max(mostSpreadWatts, level * mostSpreadRatio))
    throw new Refusal(
      'unsteady',
      `The power at idle went up and down by ${idle.deviationWatts.toFixed(0)} W: something was at work.`,
    );
}

/** Throws Refusal for a load that did not fill the CPU, or that the meter did not see. */
export function refuseWithoutRise(idle: PhaseMeans, loaded: PhaseMeans): void {
  if (loaded.cpuLoadRatio !== null && loaded.cpuLoadRatio < leastLoadRatio)
    throw new Refusal(
      'not-loaded',
      `Only ${percentFromRatio(loaded.cpuLoadRatio).toFixed(0)} % of the CPU could be kept busy: is this a part of a machine?`,
    );
  if (idle.wallWatts !== null && loaded.wallWatts !== null && loaded.wallWatts - idle.wallWatts < leastRiseWatts)
    throw new Refusal('no-rise', 'The wattmeter did not rise under load: is this machine on that meter?');
}

interface Statistics {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly standardError: number;
}

function statisticsOf(values: readonly (number | null)[]): Statistics | null {
  const known = values.filter((value) => value !== null);
  const count = known.length;
  if (count === 0) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / count;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = count > 1 ? Math.sqrt(squares / (count - 1)) : 0;
  return { count, mean, deviation, standardError: deviation / Math.sqrt(count) };
}
