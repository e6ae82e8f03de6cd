import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allCaptures, capturesFolder } from '../captures.ts';

/** What becomes of a capture: who reads it, in which folder, and which of its names its test has. */
interface Claim {
  readonly files: RegExp;
  /** Folder or file of the tests (or of the script) that read these files, from the project's folder; in engine/ tests alone count. */
  readonly by: string;
  /** Text by which it names them, in its code: a comment is no reading. */
  readonly names: string;
}

const smi = 'engine/sources/nvidia-smi';

const claims: readonly Claim[] = [
  { files: /^nvidia-smi\/xml\/[^/]+\.xml$/, by: `${smi}/parse-listing.test.ts`, names: 'nvidia-smi/xml' },
  { files: /^nvidia-smi\/csv\/[^/]+\.csv$/, by: `${smi}/parse-query.test.ts`, names: 'nvidia-smi/csv' },
  { files: /^nvidia-smi\/pmon\/[^/]+\.txt$/, by: `${smi}/parse-pmon.test.ts`, names: 'nvidia-smi/pmon' },
  { files: /^nvidia-smi\/captures\/[^/]+\.txt$/, by: `${smi}/parse-field-help.test.ts`, names: 'nvidia-smi/captures' },
  // Made for people: refused, each with its reason.
  { files: /^nvidia-smi\/dmon\/[^/]+\.txt$/, by: `${smi}/recognise-output.test.ts`, names: "'dmon'" },
  { files: /^nvidia-smi\/table\/[^/]+\.txt$/, by: `${smi}/recognise-output.test.ts`, names: "'table'" },
  { files: /^nvidia-smi\/q-text\/[^/]+\.txt$/, by: `${smi}/recognise-output.test.ts`, names: "'q-text'" },
  {
    files: /^nvidia-smi\/errors\/(?:device-handle|nvml)[^/]+\.txt$/,
    by: `${smi}/parse-trouble.test.ts`,
    names: 'nvidia-smi/errors',
  },
  { files: /^nvidia-smi\/errors\/table-gb10/, by: `${smi}/recognise-output.test.ts`, names: 'errors/table-gb10' },
  { files: /^nvidia-smi\/errors\/csv-one-field/, by: `${smi}/parse-query.test.ts`, names: 'errors/csv-one-field' },
  { files: /^nvidia-smi\/errors\/csv-gb10/, by: `${smi}/parse-rows.test.ts`, names: 'errors/csv-gb10' },
  { files: /^amd\/rocm-smi\//, by: 'engine/sources/amd-smi', names: "'amd/rocm-smi'" },
  { files: /^amd\/amd-smi\//, by: 'engine/sources/amd-smi', names: "'amd/amd-smi'" },
  { files: /^amd\/sysfs\//, by: 'engine/sources/amdgpu', names: "'amd/sysfs'" },
  { files: /^amd\/sysfs-ttar\//, by: 'engine/sources/amdgpu', names: 'amd/sysfs-ttar' },
  { files: /^rapl\/sysfs\//, by: 'engine/sources/rapl', names: 'rapl/sysfs' },
  {
    files: /^rapl\/(?:AMD_|E3-|E5-)[^/]+\/[^/]+\.csv$/,
    by: 'bench/cpu-model',
    names: 'listCaptures(`rapl/',
  },
  { files: /^rapl\/teads-aws\//, by: 'bench/cpu-model', names: 'rapl/teads-aws' },
  { files: /^rapl\/turbostat\//, by: 'engine/sources/cpu-model', names: 'rapl/turbostat/telegraf__' },
  // Tables of facts, not the output of a tool: a script reads those that are shipped, with the columns it needs.
  {
    files: /^carbon\/codecarbon__global_energy_mix\.json$/,
    by: 'scripts/tables',
    names: 'codecarbon__global_energy_mix.json',
  },
  {
    files: /^carbon\/carbontracker__carbon-intensities\.csv$/,
    by: 'scripts/tables',
    names: 'carbontracker__carbon-intensities.csv',
  },
  {
    files: /^carbon\/codecarbon__eu-carbon-intensity-electricity\.csv$/,
    by: 'engine/carbon/regions.test.ts',
    names: 'codecarbon__eu-carbon-intensity-electricity.csv',
  },
  {
    files: /^carbon\/codecarbon__usa_emissions_2016\.json$/,
    by: 'engine/carbon/regions.test.ts',
    names: 'codecarbon__usa_emissions_2016.json',
  },
  {
    files: /^carbon\/codecarbon__nordic_emissions\.json$/,
    by: 'engine/carbon/regions.test.ts',
    names: 'codecarbon__nordic_emissions.json',
  },
  {
    files: /^carbon\/codecarbon__cloud_impact\.csv$/,
    by: 'engine/carbon/regions.test.ts',
    names: 'codecarbon__cloud_impact.csv',
  },
  {
    files: /^carbon\/mlco2-impact__impact\.csv$/,
    by: 'engine/carbon/regions.test.ts',
    names: 'mlco2-impact__impact.csv',
  },
  {
    files: /^carbon\/green-algorithms__CI_aggregated\.csv$/,
    by: 'engine/carbon/regions.test.ts',
    names: 'green-algorithms__CI_aggregated.csv',
  },
  { files: /^carbon\/codecarbon__cpu_power\.csv$/, by: 'scripts/tables', names: 'codecarbon__cpu_power.csv' },
  { files: /^carbon\/carbontracker__cpu_power\.csv$/, by: 'scripts/tables', names: 'carbontracker__cpu_power.csv' },
  { files: /^carbon\/green-algorithms__TDP_cpu\.csv$/, by: 'scripts/tables', names: 'green-algorithms__TDP_cpu.csv' },
];

/** No output of a tool and not shipped: nothing of the product takes them. With the reason why not. */
const unused: readonly (readonly [RegExp, string])[] = [
  [/^README\.md$/, 'says what the others are'],
  [
    /^carbon\/codecarbon__(?:canada_energy_mix_|carbon_intensity_per_source)/,
    'shares of generation, no intensities; factors by fuel, of which oil alone is quoted',
  ],
  [/^carbon\/(?:mlco2-impact__(?:gpus|instances)|carbontracker__co2eq)/, 'of 2019 and before; cars'],
  [
    /^carbon\/green-algorithms__(?:TDP_gpu|defaults_PUE|cloudProviders|referenceValues)/,
    'another source for what is shipped',
  ],
  [/^gpu-power\//, 'means of whole training runs: no output that is read'],
];

/** Code of a file, or of the tests or scripts of a folder, without its comments; of tests only those that read captures. */
function codeOf(path: string): string {
  const whole = join(import.meta.dirname, '../..', path);
  if (!existsSync(whole)) return '';
  const isEngine = path.startsWith('engine/');
  const files = /\.[a-z]+$/.test(path)
    ? [whole]
    : readdirSync(whole)
        .filter((name) => name.endsWith(isEngine ? '.test.ts' : '.ts'))
        .map((name) => join(whole, name));
  return files
    .map((file) => readFileSync(file, 'utf8').replaceAll(/^\s*(?:\/\*|\*|\/\/).*$/gm, ''))
    .filter((code) => !isEngine || code.includes("tests/captures.ts'"))
    .join('\n');
}

describe.skipIf(capturesFolder === null)('every capture (skipped where there is no ../shared/data)', () => {
  const all = allCaptures();

  it('is there', () => expect(all.length).toBeGreaterThan(600));

  it('is read by one test, or refused by one, or left alone for a reason', () => {
    const counted = all.map((path) => ({
      path,
      count:
        claims.filter(({ files }) => files.test(path)).length + unused.filter(([files]) => files.test(path)).length,
    }));
    expect(counted.filter(({ count }) => count !== 1)).toEqual([]);
  });

  it.each(claims)('is what $by says: $names', ({ files, by, names }) => {
    expect(all.filter((path) => files.test(path)).length).toBeGreaterThan(0);
    expect(codeOf(by).includes(names)).toBe(true);
  });

  it.each(unused)('%s is left alone for files that are there', (files) =>
    expect(all.filter((path) => files.test(path)).length).toBeGreaterThan(0),
  );
});
