import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { CpuModelInput } from '../../engine/sources/cpu-model/cpu-model.ts';
import { specifyCpu } from '../../engine/sources/cpu-model/cpu-specification.ts';
import { joulesFromKwh, ratioFromPercent } from '../../shared/units.ts';
import { listCaptures, readCapture } from '../../tests/captures.ts';

export interface MeasuredRow {
  readonly loadRatio: number;
  readonly powerWatts: number;
  readonly durationSeconds: number;
}

/** A machine under rising loads; a trace is one way of loading it. */
export interface MeasuredMachine {
  readonly name: string;
  readonly input: CpuModelInput;
  /** What the product would take for a part of that many cores that it does not know. */
  readonly assumedInput: CpuModelInput;
  readonly traces: readonly (readonly MeasuredRow[])[];
}

interface ProfiledMachine {
  readonly folder: string;
  readonly cpuName: string;
  readonly sockets: number;
  readonly threads: number;
  readonly cores: number;
}

/** codecarbon's load profiling by folder. E5-1240 is left out: the E3-1240 v2 again, with its cores counted twice. */
const profiled: readonly ProfiledMachine[] = [
  { folder: 'AMD_EPYC_8024P_8C', cpuName: 'AMD EPYC 8024P 8-Core Processor', sockets: 1, threads: 16, cores: 8 },
  {
    folder: 'AMD_Threadripper',
    cpuName: 'AMD Ryzen Threadripper 1950X 16-Core Processor',
    sockets: 1,
    threads: 32,
    cores: 16,
  },
  { folder: 'E3-1240', cpuName: 'Intel(R) Xeon(R) CPU E3-1240 V2 @ 3.40GHz', sockets: 1, threads: 8, cores: 4 },
  { folder: 'E5-2620', cpuName: 'Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz', sockets: 2, threads: 24, cores: 12 },
];

/**
 * Whole cloud servers: TDP, cores and clock as Intel, AMD and AWS state them. Left out: Graviton (no TDP), m5a and x1 (the instance is not all cores of
 * its server), z1d and m5zn (TDP or base clock of these custom parts is not published).
 */
const cloudServers: Readonly<
  Record<string, { readonly tdpWatts: number; readonly cores: number; readonly baseGhz: number }>
> = {
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

/** The load of a row: sampled for 0.1 s by the tool, or what it was asked to make. */
export type LoadColumn = 'sampled' | 'nominal';

const profileRowSchema = z.object({
  task_name: z.string(),
  load_type: z.enum(['all_cores', 'some_cores']),
  cpu_load: z.coerce.number(),
  rapl_energy: z.coerce.number().positive(),
  duration: z.coerce.number().positive(),
});

const unknownMachine = {
  hostName: '',
  osLabel: '',
  physicalCores: null,
  baseGhz: null,
  isVirtual: false,
  memoryBytes: 0,
} as const;

/** The input that the product works out for that many cores of a part in no table. */
const assumedInputOf = (cores: number): CpuModelInput =>
  specifyCpu({ ...unknownMachine, cpuName: 'a part in no table', sockets: 1, threads: 2 * cores, physicalCores: cores })
    .input;

/** The machines that the model is fitted on; their inputs come from the product's own table. None where there are no captures. */
export function readProfiledMachines(column: LoadColumn = 'sampled'): readonly MeasuredMachine[] {
  return profiled.map(({ folder, cpuName, sockets, threads, cores }) => ({
    name: folder,
    input: specifyCpu({ ...unknownMachine, cpuName, sockets, threads }).input,
    assumedInput: assumedInputOf(cores),
    traces: listCaptures(`rapl/${folder}`, '.csv')
      // These hold a newline and no data.
      .filter((path) => !path.endsWith('-tasks.csv'))
      .map((path) => readTrace(readFileSync(path, 'utf8'), column === 'nominal' ? threads : null)),
  }));
}

/** Power is energy over time: the column rapl_power is that of the row before. */
const readTrace = (text: string, nominalThreads: number | null): readonly MeasuredRow[] =>
  z
    .array(profileRowSchema)
    .parse(parse(text, { columns: true }))
    .map((row) => ({
      loadRatio: nominalThreads === null ? ratioFromPercent(row.cpu_load) : nominalLoadOf(row, nominalThreads),
      powerWatts: joulesFromKwh(row.rapl_energy) / row.duration,
      durationSeconds: row.duration,
    }));

/** 'Load for 50 threads or % load on …' is 50 % of every thread, or that many threads at full load. */
function nominalLoadOf(row: { readonly task_name: string; readonly load_type: string }, threads: number): number {
  const count = Number(/^Load for (\d+) threads/.exec(row.task_name)?.[1]);
  return row.load_type === 'all_cores' ? ratioFromPercent(count) : Math.min(1, count / threads);
}

/** Package watts of whole cloud servers (Teads), which nothing here is fitted on. */
export function readCloudServers(): readonly MeasuredMachine[] {
  const columns = { 'PkgWatt @ Idle': 0, 'PkgWatt @ 10%': 0.1, 'PkgWatt @ 50%': 0.5, 'PkgWatt @ 100%': 1 };
  const rows = z
    .array(z.record(z.string(), z.string()))
    .parse(parse(readCapture('rapl/teads-aws/aws-full-node-pkgwatt.csv'), { bom: true, columns: true }));
  return rows.flatMap((row) => {
    const name = row['Instance type'] ?? '';
    const server = cloudServers[name];
    if (server === undefined) return [];
    const { tdpWatts, cores, baseGhz } = server;
    const trace = Object.entries(columns).map(([column, loadRatio]) => ({
      loadRatio,
      powerWatts: Number(row[column]),
      durationSeconds: 1,
    }));
    return [
      { name, input: { tdpWatts, coreGhz: cores * baseGhz }, assumedInput: assumedInputOf(cores), traces: [trace] },
    ];
  });
}
