import type { Bounded } from '../format/band.ts';
import { joulesPerHour } from '../units.ts';
import { type DomainKind, isSummed } from './domain.ts';
import type { HeldBackReason } from './health.ts';
import type { Counted } from './progress.ts';
import type { RunDomain, RunReport } from './run.ts';

export type FigureUnit =
  | 'joules'
  | 'joules-per-hour'
  | 'seconds'
  | 'watts'
  | 'ratio'
  | 'coverage'
  | 'cores'
  | 'bytes'
  | 'grams'
  | 'money'
  | 'plain';

/** What two runs are compared by. */
export interface Figure {
  /** Public, with its unit at the end. */
  readonly id: string;
  readonly unit: FigureUnit;
  /** Which way is an improvement; null where neither is. */
  readonly better: 'less' | 'more' | null;
  /** It grows until the run ends, so that a run that goes on cannot be compared by it. */
  readonly isTotal: boolean;
}

export interface FigureDefinition extends Figure {
  /** In the figure's unit; null where the run does not have it. Bounds are null where the figure has none. */
  readonly read: (report: RunReport) => Bounded;
}

/** A number of which no bounds are known. */
export const exactly = (value: number | null): Bounded => ({ value, low: null, high: null });

/** Times what the run's energy is bounded by: what is proportional to the energy is as sure as it. */
function withEnergyBounds(value: number | null, { energy }: RunReport): Bounded {
  const { totalJoules, lowJoules, highJoules } = energy;
  if (value === null || totalJoules === null || totalJoules <= 0 || lowJoules === null || highJoules === null)
    return exactly(value);
  return { value, low: (value * lowJoules) / totalJoules, high: (value * highJoules) / totalJoules };
}

const total = (joules: readonly (number | null)[]): number | null =>
  joules.includes(null) ? null : joules.reduce<number>((sum, each) => sum + (each ?? 0), 0);

/** Part of the run's energy that went into some kinds of devices, 0…1; null where the run has none of them. */
function shareOf({ energy }: RunReport, kinds: readonly DomainKind[]): Bounded {
  const summed = energy.domains.filter((domain) => isSummed(domain.kind) && domain.runJoules !== null);
  const own = summed.filter((domain) => kinds.includes(domain.kind));
  const rest = summed.filter((domain) => !kinds.includes(domain.kind));
  const all = total(summed.map((domain) => domain.runJoules));
  const part = total(own.map((domain) => domain.runJoules));
  if (own.length === 0 || all === null || part === null || all <= 0) return exactly(null);
  const lowOf = (domains: readonly RunDomain[]): number | null => total(domains.map((domain) => domain.runLowJoules));
  const highOf = (domains: readonly RunDomain[]): number | null => total(domains.map((domain) => domain.runHighJoules));
  return { value: part / all, low: ratioOf(lowOf(own), highOf(rest)), high: ratioOf(highOf(own), lowOf(rest)) };
}

/** a / (a + b): least where the rest is most, most where the rest is least. */
const ratioOf = (part: number | null, rest: number | null): number | null =>
  part === null || rest === null || part + rest <= 0 ? null : part / (part + rest);

/** Of the device that was held back longest; null where no driver tells. */
function heldBackSeconds({ energy }: RunReport, reason: HeldBackReason): number | null {
  const told = energy.domains.filter((domain) => domain.splitBy !== 'none' && domain.heldBackSeconds !== null);
  return told.length === 0 ? null : Math.max(...told.map((domain) => domain.heldBackSeconds?.[reason] ?? 0));
}

function peakGpuMemoryBytes({ energy }: RunReport): number | null {
  const peaks = energy.domains
    .filter((domain) => domain.splitBy !== 'none' && (domain.kind === 'gpu' || domain.kind === 'module'))
    .flatMap((domain) => domain.peakMemoryUsedBytes ?? []);
  return peaks.length === 0 ? null : Math.max(...peaks);
}

const eachOf = (counted: Counted | null): Bounded => ({
  value: counted?.joulesEach ?? null,
  low: counted?.lowJoulesEach ?? null,
  high: counted?.highJoulesEach ?? null,
});

type Look = Omit<Figure, 'id'>;
const whole = (unit: FigureUnit, better: Figure['better']): Look => ({ unit, better, isTotal: true });
const rate = (unit: FigureUnit, better: Figure['better']): Look => ({ unit, better, isTotal: false });

export const meanPowerOf = (report: RunReport): Bounded => withEnergyBounds(report.energy.meanWatts, report);

/** In the order they are shown. Ids are public: added to, never renamed. */
export const figureDefinitions: readonly FigureDefinition[] = [
  {
    id: 'energyJoules',
    ...whole('joules', 'less'),
    read: ({ energy }) => ({ value: energy.totalJoules, low: energy.lowJoules, high: energy.highJoules }),
  },
  {
    id: 'energyPerHourJoules',
    ...rate('joules-per-hour', 'less'),
    read: (report) => {
      const { totalJoules } = report.energy;
      const hourly = totalJoules === null ? null : joulesPerHour(totalJoules, report.run.durationSeconds);
      return withEnergyBounds(hourly, report);
    },
  },
  { id: 'energyPerEpochJoules', ...rate('joules', 'less'), read: ({ progress }) => eachOf(progress.epochs) },
  { id: 'energyPerStepJoules', ...rate('joules', 'less'), read: ({ progress }) => eachOf(progress.steps) },
  { id: 'energyPerSampleJoules', ...rate('joules', 'less'), read: ({ progress }) => eachOf(progress.samples) },
  { id: 'energyPerTokenJoules', ...rate('joules', 'less'), read: ({ progress }) => eachOf(progress.tokens) },
  { id: 'durationSeconds', ...whole('seconds', 'less'), read: ({ run }) => exactly(run.durationSeconds) },
  {
    id: 'meanPowerWatts',
    ...rate('watts', 'less'),
    read: meanPowerOf,
  },
  // By the same readings as the mean: it is known no better.
  {
    id: 'peakPowerWatts',
    ...rate('watts', 'less'),
    read: (report) => withEnergyBounds(report.energy.peakWatts, report),
  },
  { id: 'gpuShareRatio', ...rate('ratio', null), read: (report) => shareOf(report, ['gpu']) },
  { id: 'cpuShareRatio', ...rate('ratio', null), read: (report) => shareOf(report, ['cpu']) },
  { id: 'memoryShareRatio', ...rate('ratio', null), read: (report) => shareOf(report, ['dram']) },
  {
    id: 'gpuUtilizationRatio',
    ...rate('ratio', null),
    read: ({ utilization }) => exactly(utilization.meanGpuRatio),
  },
  { id: 'cpuCores', ...rate('cores', null), read: ({ utilization }) => exactly(utilization.meanCpuCores) },
  { id: 'gpuMemoryPeakBytes', ...rate('bytes', null), read: (report) => exactly(peakGpuMemoryBytes(report)) },
  {
    id: 'memoryPeakBytes',
    ...rate('bytes', null),
    read: ({ utilization }) => exactly(utilization.peakMemoryBytes),
  },
  {
    id: 'emissionsGramsCO2e',
    ...whole('grams', 'less'),
    read: ({ emissions }) => ({
      value: emissions.gramsCO2e,
      low: emissions.lowGramsCO2e,
      high: emissions.highGramsCO2e,
    }),
  },
  {
    id: 'cost',
    ...whole('money', 'less'),
    read: (report) => withEnergyBounds(report.cost?.amount ?? null, report),
  },
  {
    id: 'powerCapSeconds',
    ...whole('seconds', 'less'),
    read: (report) => exactly(heldBackSeconds(report, 'power-cap')),
  },
  { id: 'heatSeconds', ...whole('seconds', 'less'), read: (report) => exactly(heldBackSeconds(report, 'heat')) },
  {
    id: 'hardwareSlowdownSeconds',
    ...whole('seconds', 'less'),
    read: (report) => exactly(heldBackSeconds(report, 'hardware-slowdown')),
  },
  { id: 'coverageRatio', ...rate('coverage', 'more'), read: ({ energy }) => exactly(energy.coverage) },
  {
    id: 'intensityGramsCO2ePerKwh',
    ...rate('plain', null),
    read: ({ emissions }) => exactly(emissions.intensityGramsCO2ePerKwh),
  },
  { id: 'pue', ...rate('plain', null), read: ({ emissions }) => exactly(emissions.pue) },
  { id: 'pricePerKwh', ...rate('plain', null), read: ({ cost }) => exactly(cost?.pricePerKwh ?? null) },
];
