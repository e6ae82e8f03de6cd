import type { SensorError } from '../sources/source.ts';

/** What the meter at the wall said while the machine's own sources said something. */
export interface WallPair {
  readonly machineWatts: number;
  readonly wallWatts: number;
}

/** wallWatts = offsetWatts + gainRatio × machineWatts, and how well it is known. */
export interface WallLine {
  readonly gainRatio: number;
  /** What draws at the wall and no source of the machine sees: board, fans, disks, the supply's own loss. */
  readonly offsetWatts: number;
  /** Null with two pairs: a line through two points leaves nothing over to judge it by. */
  readonly gainStandardError: number | null;
  readonly offsetStandardErrorWatts: number | null;
  /** Standard deviation of the pairs about the line. */
  readonly residualWatts: number | null;
  readonly pairCount: number;
  readonly meanMachineWatts: number;
  /** Sum of squared distances from the mean, in W². */
  readonly machineSquaresSum: number;
  readonly leastMachineWatts: number;
  readonly mostMachineWatts: number;
}

export type WallFit =
  | { readonly kind: 'fitted'; readonly line: WallLine }
  | { readonly kind: 'refused'; readonly reason: 'too-few' | 'too-close' | 'implausible'; readonly message: string };

/** Idle and load nearer than this would make a gain of the meter's last digit. */
const leastSpanWatts = 10;
/** A supply wastes 5 to 30 %, a model of the CPU is off by a factor of two: outside of these the two do not speak of one machine. */
const leastGainRatio = 0.3;
const mostGainRatio = 4;

const refused = (reason: Extract<WallFit, { kind: 'refused' }>['reason'], message: string): WallFit => ({
  kind: 'refused',
  reason,
  message,
});

/**
 * Least squares of the wall over the machine, with the textbook standard errors s/√Sxx and s·√(1/n + x̄²/Sxx), s² = Σr²/(n − 2). Pairs that are not
 * finite numbers from 0 up are left out.
 */
export function fitWallLine(given: readonly WallPair[]): WallFit {
  const pairs = given.filter(({ machineWatts, wallWatts }) => isPower(machineWatts) && isPower(wallWatts));
  const count = pairs.length;
  if (count < 2) return refused('too-few', 'A calibration needs a reading at idle and one under load.');
  const machine = pairs.map((pair) => pair.machineWatts);
  const least = Math.min(...machine);
  const most = Math.max(...machine);
  if (most - least < leastSpanWatts)
    return refused('too-close', `Idle and load lie ${(most - least).toFixed(1)} W apart: at least 10 W are needed.`);
  const meanMachine = mean(machine);
  const meanWall = mean(pairs.map((pair) => pair.wallWatts));
  const squares = sum(machine.map((watts) => (watts - meanMachine) ** 2));
  const products = sum(pairs.map((pair) => (pair.machineWatts - meanMachine) * (pair.wallWatts - meanWall)));
  const gainRatio = products / squares;
  const offsetWatts = meanWall - gainRatio * meanMachine;
  if (!(gainRatio >= leastGainRatio && gainRatio <= mostGainRatio))
    return refused(
      'implausible',
      `The wall would rise by ${gainRatio.toFixed(2)} W for each watt of the machine: is this machine on that meter?`,
    );
  const residuals = pairs.map((pair) => pair.wallWatts - offsetWatts - gainRatio * pair.machineWatts);
  const residualWatts = count > 2 ? Math.sqrt(sum(residuals.map((watts) => watts ** 2)) / (count - 2)) : null;
  return {
    kind: 'fitted',
    line: {
      gainRatio,
      offsetWatts,
      gainStandardError: residualWatts === null ? null : residualWatts / Math.sqrt(squares),
      offsetStandardErrorWatts:
        residualWatts === null ? null : residualWatts * Math.sqrt(1 / count + meanMachine ** 2 / squares),
      residualWatts,
      pairCount: count,
      meanMachineWatts: meanMachine,
      machineSquaresSum: squares,
      leastMachineWatts: least,
      mostMachineWatts: most,
    },
  };
}

export interface WallEstimate {
  readonly powerWatts: number;
  readonly lowWatts: number;
  readonly highWatts: number;
}

/** A supply's efficiency bends with its load, and parts differ in what their regulators lose. By judgement. */
const bendRatio = 0.05;
/** With two pairs the line is not checked by a third. By judgement. */
const uncheckedRatio = 0.1;
/** Beyond the calibrated range another part may draw than the one it was calibrated with, a GPU's sensor being off by up to 13 %. */
const beyondRatio = 0.15;

/** Student's t, 95 % two-sided, by degrees of freedom from 1; 2.2 from 11 on, which errs to the wide side. */
const studentT = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23] as const;

/**
 * Power at the wall of a calibrated machine without a meter: the line at `machineWatts`. The band is the prediction interval of the fit, plus the meter's
 * own error, plus shares by judgement for the bend of the supply and for what lies beyond the calibrated range; added up, since none averages out.
 */
export function estimateWall(line: WallLine, machineWatts: number, meterError: SensorError): WallEstimate {
  const powerWatts = Math.max(0, line.offsetWatts + line.gainRatio * machineWatts);
  const beyondWatts = Math.max(0, machineWatts - line.mostMachineWatts, line.leastMachineWatts - machineWatts);
  const halfWatts =
    predictionWatts(line, machineWatts) +
    powerWatts * (line.residualWatts === null ? uncheckedRatio : bendRatio) +
    beyondWatts * line.gainRatio * beyondRatio;
  return {
    powerWatts,
    lowWatts: Math.max(0, powerWatts * meterError.lowRatio - meterError.offsetWatts - halfWatts),
    highWatts: powerWatts * meterError.highRatio + meterError.offsetWatts + halfWatts,
  };
}

function predictionWatts(line: WallLine, machineWatts: number): number {
  if (line.residualWatts === null) return 0;
  const t = studentT[line.pairCount - 3] ?? 2.2;
  const leverage = (machineWatts - line.meanMachineWatts) ** 2 / line.machineSquaresSum;
  return t * line.residualWatts * Math.sqrt(1 + 1 / line.pairCount + leverage);
}

const isPower = (watts: number): boolean => Number.isFinite(watts) && watts >= 0;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
