import {
  type CpuModelInput,
  estimateCpuWatts,
  interpolateCpuWatts,
  type LoadShape,
} from '../../engine/sources/cpu-model/cpu-model.ts';
import { type CpuModelPoint, fitCpuModel } from '../../engine/sources/cpu-model/fit-cpu-model.ts';
import type { MeasuredMachine, MeasuredRow } from './measured-machines.ts';

export type Estimate = (input: CpuModelInput, loadRatio: number) => number;

/** A way to estimate, with whatever it fits fitted to `points`. */
export interface Form {
  readonly label: string;
  readonly fit: (points: readonly CpuModelPoint[]) => Estimate;
}

/** Form and fit are the product's own; a copy here would test itself. */
export const productForm: Form = {
  label: 'Wattrun: a TDP + k cores GHz (2x − x^1.4)',
  fit: (points) => {
    const coefficients = fitCpuModel(points);
    return (input, loadRatio) => estimateCpuWatts(input, loadRatio, coefficients);
  },
};

const fixed = (label: string, estimate: Estimate): Form => ({ label, fit: () => estimate });

function fitShape(points: readonly CpuModelPoint[], shape: LoadShape): Estimate {
  const { idleShareOfTdp, wattsPerCoreGhz } = fitCpuModel(points, shape);
  return (input, loadRatio) =>
    idleShareOfTdp * input.tdpWatts + wattsPerCoreGhz * input.coreGhz * shape(Math.min(1, loadRatio));
}

const meanError = (estimate: Estimate, points: readonly CpuModelPoint[]): number => {
  const machines = [...Map.groupBy(points, (point) => point.machine).values()];
  const errorOf = (own: readonly CpuModelPoint[]): number =>
    own.reduce((sum, point) => sum + Math.abs(estimate(point.input, point.loadRatio) / point.powerWatts - 1), 0) /
    own.length;
  return machines.reduce((sum, own) => sum + errorOf(own), 0) / machines.length;
};

/** Exponents from 0.30 to 1.50 in steps of 0.05; the one of least error on the points that it is fitted to. */
function fitExponent(points: readonly CpuModelPoint[]): Estimate {
  const estimates = Array.from({ length: 25 }, (_, i) => 0.3 + 0.05 * i).map((exponent) =>
    fitShape(points, (load) => load ** exponent),
  );
  const errors = estimates.map((estimate) => meanError(estimate, points));
  return estimates[errors.indexOf(Math.min(...errors))] ?? (() => Number.NaN);
}

/** Teads and the Green Software Foundation: shares of TDP at 0, 10, 50 and 100 %, linear between. Made from the cloud servers. */
const teadsCurve = [
  [0, 0.12],
  [0.1, 0.32],
  [0.5, 0.75],
  [1, 1.02],
] as const;

function teadsShare(loadRatio: number): number {
  const load = Math.min(1, loadRatio);
  for (const [i, [to, high]] of teadsCurve.entries()) {
    const [from, low] = teadsCurve[i - 1] ?? [0, high];
    if (load <= to) return to === from ? high : low + ((high - low) * (load - from)) / (to - from);
  }
  return Number.NaN;
}

export const referenceForms: readonly Form[] = [
  fixed('a  TDP', ({ tdpWatts }) => tdpWatts),
  fixed('b  TDP x', ({ tdpWatts }, load) => tdpWatts * load),
  fixed('c  CodeCarbon: TDP (0.1 + 0.9 x³)', ({ tdpWatts }, load) => tdpWatts * (0.1 + 0.9 * load ** 3)),
  fixed('e  Teads curve', ({ tdpWatts }, load) => tdpWatts * teadsShare(load)),
  { label: 'd7 a TDP + k cores GHz x', fit: (points) => fitShape(points, (load) => load) },
  { label: 'd8 a TDP + k cores GHz x^p', fit: fitExponent },
];

/** What a calibration knows of a machine: both ends, or full power alone, where its idle power is the model's. */
export type Calibration = 'both ends' | 'full alone';

/** Estimates of the rows of one trace between the ends that the machine's other trace measured: the least and the most loaded row of it. */
export function calibratedWatts(
  trace: readonly MeasuredRow[],
  other: readonly MeasuredRow[],
  modelIdleWatts: number | null,
): readonly number[] {
  const byLoad = other.toSorted((a, b) => a.loadRatio - b.loadRatio);
  const ends = {
    idleWatts: modelIdleWatts ?? byLoad.at(0)?.powerWatts ?? Number.NaN,
    fullWatts: byLoad.at(-1)?.powerWatts ?? Number.NaN,
  };
  return trace.map((row) => interpolateCpuWatts(ends, row.loadRatio));
}

export const pointsOf = (machines: readonly MeasuredMachine[]): readonly CpuModelPoint[] =>
  machines.flatMap(({ name, input, traces }) => traces.flat().map((row) => ({ machine: name, input, ...row })));
