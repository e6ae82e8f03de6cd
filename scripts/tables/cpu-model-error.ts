/**
 * How far the start model of CPU power lies from measured power. Its quantiles are where the low and
 * high factors of the model's bounds come from.
 *
 *   node scripts/tables/cpu-model-error.ts RAPL_FOLDER
 *
 * Model: P = 0.10 TDP + 3.0 W x physical cores x base GHz x load^(2/3), summed over sockets.
 *
 * RAPL_FOLDER holds codecarbon's load profiling (MIT): four machines, two traces each, 30 s a row, and
 * teads-aws/aws-full-node-pkgwatt.csv (MIT): package watts of whole servers at 0, 10, 50 and 100 % load.
 * Truth is rapl_energy / duration: the rapl_power column is one row late. The folder E5-1240 is left
 * out: it is the E3-1240 v2 again with the core domain counted twice.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, stdout } from 'node:process';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

const JOULES_PER_KWH = 3.6e6;
const TDP_SHARE = 0.1;
const WATTS_PER_CORE_GHZ = 3.0;
const LOAD_EXPONENT = 2 / 3;
const QUANTILES = [0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975] as const;

/** All sockets together. */
interface Machine {
  readonly tdpWatts: number;
  readonly cores: number;
  readonly baseGhz: number;
}

interface Point {
  readonly machine: string;
  readonly trace: string;
  readonly loadRatio: number;
  readonly durationSeconds: number;
  readonly measuredWatts: number;
  readonly modelWatts: number;
}

const profiledMachines: Readonly<Record<string, Machine>> = {
  AMD_EPYC_8024P_8C: { tdpWatts: 90, cores: 8, baseGhz: 2.4 },
  AMD_Threadripper: { tdpWatts: 180, cores: 16, baseGhz: 3.4 },
  'E3-1240': { tdpWatts: 69, cores: 4, baseGhz: 3.4 },
  'E5-2620': { tdpWatts: 2 * 85, cores: 2 * 6, baseGhz: 2.4 },
};

/**
 * Cores and base clock as Intel, AMD and AWS state them; TDP from the codecarbon table where it has one.
 * Left out: Graviton (no TDP), m5a and x1 (the instance is not all cores of its server), z1d and m5zn
 * (TDP or base clock of these custom parts is not published).
 */
const cloudMachines: Readonly<Record<string, Machine>> = {
  'cr1.8xlarge': { tdpWatts: 2 * 115, cores: 2 * 8, baseGhz: 2.6 },
  'c5.18xlarge': { tdpWatts: 2 * 240, cores: 2 * 18, baseGhz: 3.0 },
  'c5.24xlarge': { tdpWatts: 2 * 240, cores: 2 * 24, baseGhz: 3.0 },
  'c5a.24xlarge': { tdpWatts: 280, cores: 48, baseGhz: 2.8 },
  'g4dn.metal': { tdpWatts: 2 * 210, cores: 2 * 24, baseGhz: 2.5 },
  'i3.metal': { tdpWatts: 2 * 145, cores: 2 * 18, baseGhz: 2.3 },
  'i3en.24xlarge': { tdpWatts: 2 * 240, cores: 2 * 24, baseGhz: 2.5 },
  'm6i.32xlarge': { tdpWatts: 2 * 300, cores: 2 * 32, baseGhz: 2.9 },
  'mac1.metal': { tdpWatts: 65, cores: 6, baseGhz: 3.2 },
  'ra3.16xlarge': { tdpWatts: 2 * 120, cores: 2 * 12, baseGhz: 2.4 },
  'u-6tb1.metal': { tdpWatts: 8 * 165, cores: 8 * 28, baseGhz: 2.1 },
};

const profileRowSchema = z.object({
  cpu_load: z.coerce.number(),
  rapl_energy: z.coerce.number(),
  duration: z.coerce.number().positive(),
});

const cloudRowSchema = z.record(z.string(), z.string());

function estimateStartModelWatts(machine: Machine, loadRatio: number): number {
  const coreGhz = machine.cores * machine.baseGhz;
  return TDP_SHARE * machine.tdpWatts + WATTS_PER_CORE_GHZ * coreGhz * loadRatio ** LOAD_EXPONENT;
}

function readProfile(folder: string, name: string, machine: Machine): readonly Point[] {
  const files = readdirSync(join(folder, name)).filter((file) => file.endsWith('.csv') && !file.endsWith('-tasks.csv'));
  return files.flatMap((file) => {
    const text = readFileSync(join(folder, name, file), 'utf8');
    return z
      .array(profileRowSchema)
      .parse(parse(text, { columns: true }))
      .map((row) => ({
        machine: name,
        trace: `${name} ${file.includes('all_cores') ? 'all_cores' : 'some_cores'}`,
        loadRatio: row.cpu_load / 100,
        durationSeconds: row.duration,
        measuredWatts: (row.rapl_energy * JOULES_PER_KWH) / row.duration,
        modelWatts: estimateStartModelWatts(machine, row.cpu_load / 100),
      }));
  });
}

function readCloud(folder: string): readonly Point[] {
  const text = readFileSync(join(folder, 'teads-aws', 'aws-full-node-pkgwatt.csv'), 'utf8');
  const columns = { 'PkgWatt @ Idle': 0, 'PkgWatt @ 10%': 0.1, 'PkgWatt @ 50%': 0.5, 'PkgWatt @ 100%': 1 };
  return z
    .array(cloudRowSchema)
    .parse(parse(text, { bom: true, columns: true }))
    .flatMap((row) => {
      const name = row['Instance type'] ?? '';
      const machine = cloudMachines[name];
      if (machine === undefined) return [];
      return Object.entries(columns).map(([column, loadRatio]) => ({
        machine: name,
        trace: name,
        loadRatio,
        durationSeconds: 1,
        measuredWatts: Number(row[column]),
        modelWatts: estimateStartModelWatts(machine, loadRatio),
      }));
    });
}

/** Linear between order statistics (type 7); `values` in any order, not empty. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function groupBy(points: readonly Point[], keyOf: (point: Point) => string): ReadonlyMap<string, readonly Point[]> {
  return Map.groupBy(points, keyOf);
}

/** Measured joules over modelled joules of a whole trace. */
function energyRatio(points: readonly Point[]): number {
  const measuredJoules = points.reduce((sum, point) => sum + point.measuredWatts * point.durationSeconds, 0);
  const modelJoules = points.reduce((sum, point) => sum + point.modelWatts * point.durationSeconds, 0);
  return measuredJoules / modelJoules;
}

function printQuantiles(title: string, ratios: readonly number[]): void {
  const cells = QUANTILES.map((share) => `${(share * 100).toFixed(1)} %: ${quantile(ratios, share).toFixed(3)}`);
  const ends = `min ${Math.min(...ratios).toFixed(3)}, max ${Math.max(...ratios).toFixed(3)}`;
  stdout.write(`${title} (n = ${ratios.length})\n  ${cells.join('  ')}\n  ${ends}\n`);
}

function ratiosOf(points: readonly Point[]): readonly number[] {
  return points.map((point) => point.measuredWatts / point.modelWatts);
}

/** Every machine weighs the same. */
function meanAbsoluteError(points: readonly Point[]): number {
  const machines = [...groupBy(points, (point) => point.machine).values()];
  return mean(machines.map((own) => mean(own.map((point) => Math.abs(point.modelWatts / point.measuredWatts - 1)))));
}

function printSet(title: string, points: readonly Point[]): void {
  const traces = [...groupBy(points, (point) => point.trace).values()];
  const error = (100 * meanAbsoluteError(points)).toFixed(1);
  stdout.write(`\n## ${title}: mean absolute error ${error} %, every machine weighing the same\n`);
  printQuantiles('measured / model, per row', ratiosOf(points));
  printQuantiles('  rows up to 5.5 % load', ratiosOf(points.filter((point) => point.loadRatio <= 0.055)));
  printQuantiles('  rows above 5.5 % load', ratiosOf(points.filter((point) => point.loadRatio > 0.055)));
  printQuantiles('measured / model, energy of a trace', traces.map(energyRatio));
}

function main(folder: string): void {
  const profiled = Object.entries(profiledMachines).flatMap(([name, machine]) => readProfile(folder, name, machine));
  const cloud = readCloud(folder);
  for (const [trace, points] of groupBy([...profiled, ...cloud], (point) => point.trace)) {
    stdout.write(
      `${trace.padEnd(30)} ${String(points.length).padStart(3)} rows, energy ratio ${energyRatio(points).toFixed(3)}\n`,
    );
  }
  printSet('four profiled machines', profiled);
  printSet('cloud servers', cloud);
  printSet('all', [...profiled, ...cloud]);
}

const [, , folder] = argv;
if (folder === undefined) throw new Error('usage: cpu-model-error.ts RAPL_FOLDER');
main(folder);
