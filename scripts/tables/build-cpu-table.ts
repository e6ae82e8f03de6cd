/**
 * Builds resources/cpu/cpus.json.
 *
 *   node scripts/tables/build-cpu-table.ts DATA_FOLDER [OUT_FILE]
 *
 * Sources in order of trust; the first that knows a value gives it:
 *   vendor          scripts/tables/vendor-cpus.csv, kept by hand from vendor specification pages
 *   codecarbon      DATA_FOLDER/codecarbon__cpu_power.csv (MIT)
 *   carbontracker   DATA_FOLDER/carbontracker__cpu_power.csv (MIT)
 *   greenalgorithms DATA_FOLDER/green-algorithms__TDP_cpu.csv (CC BY 4.0)
 * Prints on stderr where the vendor table and the others differ, for a person to look at.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, stderr } from 'node:process';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { normalizeCpuName } from '../../engine/sources/cpu-model/cpu-name.ts';

const MAX_TDP_WATTS = 600;

/** Empty cells are missing values; Number('') would make them 0. */
const optionalNumber = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text === '' ? null : Number(text)))
  .pipe(z.number().positive().nullable());

const vendorRowSchema = z.object({
  name: z.string(),
  tdpWatts: optionalNumber,
  cores: optionalNumber,
  threads: optionalNumber,
  baseGhz: optionalNumber,
  efficiencyCores: optionalNumber,
  efficiencyBaseGhz: optionalNumber,
});
const powerRowSchema = z.object({ Name: z.string(), TDP: z.string() });
const greenRowSchema = z.object({ model: z.string(), TDP: z.string(), n_cores: z.string() });

interface Cpu {
  readonly name: string;
  readonly source: string;
  readonly tdpWatts: number | null;
  readonly cores: number | null;
  readonly threads: number | null;
  readonly baseGhz: number | null;
  readonly efficiencyCores: number | null;
  readonly efficiencyBaseGhz: number | null;
}

const nothingKnown = {
  tdpWatts: null,
  cores: null,
  threads: null,
  baseGhz: null,
  efficiencyCores: null,
  efficiencyBaseGhz: null,
} as const;

function readRows<T>(file: string, schema: z.ZodType<T>, fromLine = 1): readonly T[] {
  const options = { bom: true, columns: true, from_line: fromLine, relax_column_count: true };
  return z.array(schema).parse(parse(readFileSync(file, 'utf8'), options));
}

/** Gives null for what is no wattage: the tables hold '27.29.5' (two values run together) and 0. */
function parseTdpWatts(text: string): number | null {
  const trimmed = text.trim();
  if (!/^\d+(\.\d+)?$/.test(trimmed)) return null;
  const tdpWatts = Number(trimmed);
  return tdpWatts > 0 && tdpWatts <= MAX_TDP_WATTS ? tdpWatts : null;
}

/** Notes of the tables' authors that no CPU reports. */
function stripTableNotes(name: string): string {
  return name.replace(/ \(oem only\)$/i, '');
}

/** Opteron 3xxx, 4xxx and 6xxx stand in the tables as a bare number: '6276', '4332 HE'. */
function restoreFamily(name: string): string {
  return /^[346]\d{3}p?( (he|se|ee))?$/i.test(name) ? `Opteron ${name}` : name;
}

/**
 * A key must name one part as the part names itself. Left out: bare numbers, families without a model
 * ('xeon'), a family with only a clock ('xeon 3.06'), variants that report the same name with different
 * TDPs ('phenom ii x4 945 (95w)'), bundles ('core i5+8400 …'), and the ARMv8 fallback string that every
 * ARM board reports.
 */
function isPartName(key: string): boolean {
  const isModel = /^[a-z]/.test(key) && /\d/.test(key) && !/ \d+\.\d+$/.test(key);
  return isModel && !/[(),]| and | i\d\+/.test(key) && !key.startsWith('armv8');
}

function readPowerTable(file: string, source: string): readonly Cpu[] {
  return readRows(file, powerRowSchema).map((row) => ({
    ...nothingKnown,
    name: normalizeCpuName(restoreFamily(stripTableNotes(row.Name))),
    source,
    tdpWatts: parseTdpWatts(row.TDP),
  }));
}

function readGreenAlgorithms(file: string): readonly Cpu[] {
  return readRows(file, greenRowSchema, 2)
    .filter((row) => row.n_cores !== '')
    .map((row) => ({
      ...nothingKnown,
      name: normalizeCpuName(row.model.trim().replace(/^AMD (\d{4})$/, 'EPYC $1')),
      source: 'greenalgorithms',
      tdpWatts: parseTdpWatts(row.TDP),
      cores: Number(row.n_cores),
    }));
}

function readVendorTable(): readonly Cpu[] {
  const file = join(import.meta.dirname, 'vendor-cpus.csv');
  return readRows(file, vendorRowSchema).map((row) => ({ ...row, source: 'vendor' }));
}

/** The first table that knows a value wins; `source` names where the TDP came from. */
function mergeCpu(known: Cpu | undefined, next: Cpu): Cpu {
  if (known === undefined) return next;
  return {
    name: known.name,
    source: known.tdpWatts === null ? next.source : known.source,
    tdpWatts: known.tdpWatts ?? next.tdpWatts,
    cores: known.cores ?? next.cores,
    threads: known.threads ?? next.threads,
    baseGhz: known.baseGhz ?? next.baseGhz,
    efficiencyCores: known.efficiencyCores ?? next.efficiencyCores,
    efficiencyBaseGhz: known.efficiencyBaseGhz ?? next.efficiencyBaseGhz,
  };
}

function reportDifference(known: Cpu | undefined, next: Cpu): void {
  if (known?.source !== 'vendor' || known.tdpWatts === null) return;
  const isSameTdp = next.tdpWatts === null || Math.abs(known.tdpWatts - next.tdpWatts) < 1;
  const isSameCores = next.cores === null || known.cores === next.cores;
  if (isSameTdp && isSameCores) return;
  stderr.write(
    `${known.name}: ${known.tdpWatts} W ${known.cores} cores, ${next.source} says ${next.tdpWatts} W ${next.cores ?? '?'} cores\n`,
  );
}

function mergeTables(tables: readonly (readonly Cpu[])[]): readonly Cpu[] {
  const cpus = new Map<string, Cpu>();
  for (const next of tables.flat()) {
    if (!isPartName(next.name)) continue;
    const known = cpus.get(next.name);
    reportDifference(known, next);
    cpus.set(next.name, mergeCpu(known, next));
  }
  return [...cpus.values()]
    .filter((cpu) => cpu.tdpWatts !== null)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function renderCpu(cpu: Cpu): string {
  const { name, source, ...values } = cpu;
  const known = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  return `    ${JSON.stringify(name)}: ${JSON.stringify({ ...known, source })}`;
}

function renderTable(cpus: readonly Cpu[]): string {
  const header = {
    schemaVersion: 1,
    licence: 'MIT (codecarbon, carbontracker), CC BY 4.0 (greenalgorithms); single facts (vendor)',
    per: 'one socket: multiply tdpWatts and cores by the number of sockets',
    sources: {
      vendor: 'vendor specification: ark.intel.com, amd.com',
      codecarbon: 'https://github.com/mlco2/codecarbon, codecarbon/data/hardware/cpu_power.csv, MIT',
      carbontracker: 'https://github.com/lfwa/carbontracker, carbontracker/data/cpu_power.csv, MIT',
      greenalgorithms:
        'https://github.com/GreenAlgorithms/green-algorithms-tool, data/latest/TDP_cpu.csv, CC BY 4.0, Lannelongue, Grealey and Inouye',
    },
  };
  return `${JSON.stringify(header, null, 2).replace(/\n}$/, '')},\n  "cpus": {\n${cpus.map(renderCpu).join(',\n')}\n  }\n}\n`;
}

function main(folder: string, outFile: string): void {
  const cpus = mergeTables([
    readVendorTable(),
    readPowerTable(join(folder, 'codecarbon__cpu_power.csv'), 'codecarbon'),
    readPowerTable(join(folder, 'carbontracker__cpu_power.csv'), 'carbontracker'),
    readGreenAlgorithms(join(folder, 'green-algorithms__TDP_cpu.csv')),
  ]);
  writeFileSync(outFile, renderTable(cpus));
  const complete = cpus.filter((cpu) => cpu.cores !== null && cpu.baseGhz !== null);
  stderr.write(`${cpus.length} CPUs, ${complete.length} of them with cores and base clock, written to ${outFile}\n`);
}

const [, , folder, outFile = 'resources/cpu/cpus.json'] = argv;
if (folder === undefined) throw new Error('usage: build-cpu-table.ts DATA_FOLDER [OUT_FILE]');
main(folder, outFile);
