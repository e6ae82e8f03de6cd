import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capturesFolder, listCaptures, readCapture } from '../../../tests/captures.ts';
import type { AmdSmiAnswer, AmdSmiGpu } from './amd-smi-gpu.ts';
import { parseAmdSmi } from './parse-amd-smi.ts';
import { parseRocmSmi } from './parse-rocm-smi.ts';

type Expected = readonly Partial<AmdSmiGpu>[] | RegExp;

const mi100 = (index: number, busId: string, powerWatts: number): Partial<AmdSmiGpu> => ({
  index,
  busId,
  powerWatts,
  powerKind: 'average',
  limitWatts: 290,
  name: 'Arcturus GL-XL [Instinct MI100]',
  utilizationRatio: 0,
  memoryTotalBytes: 34_342_961_152,
  clockMegahertz: 300,
  memoryClockMegahertz: 1200,
});
const rx6700xt: Partial<AmdSmiGpu> = {
  index: 0,
  limitWatts: 211,
  temperatureCelsius: 45,
  utilizationRatio: 0,
  memoryTotalBytes: 12_868_124_672,
  uniqueId: null,
  counterJoules: null,
};

/** What a person reads in each capture of rocm-smi, or why it is no answer to what is asked of the tool. */
const rocmSmi: Readonly<Record<string, Expected>> = {
  'beszel__680m-igpu_plus_7900xt.json': [
    {
      index: 0,
      name: 'Rembrandt [Radeon 680M]',
      powerWatts: 9.215,
      powerKind: 'current',
      temperatureCelsius: 47,
      utilizationRatio: 0,
      memoryUsedBytes: 482_263_040,
      memoryTotalBytes: 536_870_912,
      busId: null,
    },
    {
      index: 1,
      name: 'Navi 31 [Radeon RX 7900 XT]',
      powerWatts: 19,
      powerKind: 'average',
      utilizationRatio: 0.203,
      memoryUsedBytes: 794_341_376,
    },
  ],
  'telegraf__mi100_rocm571.json': [
    { ...mi100(0, '0000:1e:00.0', 39), temperatureCelsius: 31, uniqueId: null, memoryUsedBytes: 6_782_976 },
    mi100(1, '0000:22:00.0', 37),
    mi100(2, '0000:3f:00.0', 35),
    mi100(3, '0000:43:00.0', 39),
    mi100(4, '0000:46:00.0', 39),
    mi100(5, '0000:49:00.0', 40),
  ],
  'telegraf__mi100_rocm602.json': [
    { ...mi100(0, '0000:83:00.0', 36), uniqueId: '79ccd55167a2124a', temperatureCelsius: 53 },
    // 15 digits as it prints them, 16 as sysfs does.
    { ...mi100(1, '0000:a3:00.0', 44), uniqueId: '04edfb117a17a07d' },
    { ...mi100(2, '0000:c3:00.0', 43), uniqueId: 'd4a9ec48d03d261d' },
    { ...mi100(3, '0000:e3:00.0', 39), uniqueId: '1b9dd972253c3736' },
  ],
  // Ids in place of names.
  'telegraf__rx6700xt_rocm430.json': [{ ...rx6700xt, name: null, powerWatts: 6, powerKind: 'average' }],
  // The tool takes the only die of this card for a second one: no power, not 0 W.
  'telegraf__rx6700xt_rocm602.json': [
    { ...rx6700xt, powerWatts: null, powerKind: null, busId: '0000:07:00.0', memoryUsedBytes: 1_572_757_504 },
  ],
  'telegraf__rx6700xt_rocm612.json': [
    {
      ...rx6700xt,
      powerWatts: 6,
      powerKind: 'average',
      name: 'Navi 22 [Radeon RX 6700/6700 XT / 6800M]',
      memoryUsedBytes: 1_572_745_216,
      clockMegahertz: 0,
      memoryClockMegahertz: 96,
    },
  ],
  'telegraf__vega-10-XT.json': [
    {
      index: 0,
      powerWatts: 15,
      limitWatts: 170,
      temperatureCelsius: 39,
      uniqueId: '02150e7d042a1124',
      busId: '0000:04:00.0',
      name: null,
      memoryUsedBytes: 17_776_640,
      clockMegahertz: 1269,
    },
  ],
  // '(c)' where others write '(C)'.
  'thread__2019-lowercase-c-keys.json': [
    { index: 0, powerWatts: 222, temperatureCelsius: 77, utilizationRatio: null, memoryUsedBytes: null, busId: null },
  ],
  'thread__mi250-secondary-die.txt': /^it printed no JSON: =+ ROCm System Management Interface =+$/,
  'thread__mi250x-concise-table.txt': /^it printed no JSON: =+ ROCm System Management Interface =+$/,
  'thread__no-json-data.txt': /^it printed no JSON: WARNING: No JSON data to report$/,
  'thread__rocm723-3x7900xtx.csv': /^it printed no JSON: device,Device Name,/,
  'wandb__mi210_rocm5.json': [
    {
      index: 0,
      powerWatts: 41,
      powerKind: 'average',
      limitWatts: 300,
      uniqueId: '43cc8cc8af246708',
      busId: '0000:63:00.0',
      // Microjoules, beside a count of 6,122,129,286,992 · 15.3 µJ.
      counterJoules: 93_668_579_258_681.1 / 1e6,
      temperatureCelsius: 33,
      utilizationRatio: 0,
      memoryUsedBytes: null,
    },
  ],
};

const amdSmi: Readonly<Record<string, Expected>> = {
  'device-metrics-exporter__static_mi210.json': [
    {
      index: 0,
      name: 'AMD Instinct MI210',
      limitWatts: 300,
      // 65,520 MiB · 1,048,576
      memoryTotalBytes: 68_702_699_520,
      powerWatts: null,
      counterJoules: null,
      temperatureCelsius: null,
    },
  ],
  'thread__metric-energy-watch-2xmi210.csv.txt': /^it printed no JSON: 'CTRL' \+ 'C' to stop/,
  'thread__metric-text-partial.txt': /^it printed no JSON: GPU: 0$/,
  'thread__metric-watch-all-na.truncated.txt': /^its JSON is cut short$/,
  'thread__monitor-watch.txt': /^it printed no JSON: TIMESTAMP {2}GPU/,
  'thread__static-warnings-before-json.truncated.txt': /^its JSON is cut short$/,
};

function expectAnswer(answer: AmdSmiAnswer, wanted: Expected): void {
  if (wanted instanceof RegExp) expect(answer).toEqual({ kind: 'refused', reason: expect.stringMatching(wanted) });
  else expect(answer).toMatchObject({ kind: 'gpus', gpus: wanted });
  if (!(wanted instanceof RegExp) && answer.kind === 'gpus') expect(answer.gpus).toHaveLength(wanted.length);
}

const recordingsFolder = join(import.meta.dirname, 'recordings');
describe('recordings', () => {
  it.each(readdirSync(recordingsFolder))('reads %s as a person does', (name) => {
    const text = readFileSync(join(recordingsFolder, name), 'utf8');
    const wanted = rocmSmi[name];
    if (wanted === undefined) expectAnswer(parseAmdSmi(text), amdSmi[name]!);
    else expectAnswer(parseRocmSmi(text), wanted);
  });
});

describe.skipIf(capturesFolder === null)('captures of real machines', () => {
  const readings = [
    { folder: 'amd/rocm-smi', wanted: rocmSmi, parse: parseRocmSmi },
    { folder: 'amd/amd-smi', wanted: amdSmi, parse: parseAmdSmi },
  ] as const;
  const cases = readings.flatMap(({ folder, wanted, parse }) =>
    listCaptures(folder, '').map((path) => ({ folder, name: basename(path), wanted: wanted[basename(path)], parse })),
  );

  it.each(readings)('knows each of $folder', ({ folder, wanted }) =>
    expect(cases.filter((one) => one.folder === folder).map(({ name }) => name)).toEqual(Object.keys(wanted).sort()),
  );

  it.each(cases)('reads $folder/$name as a person does, or says why not', ({ folder, name, wanted, parse }) =>
    expectAnswer(parse(readCapture(`${folder}/${name}`)), wanted!),
  );
});
