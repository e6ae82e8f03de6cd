import { createLineSplitter } from '../../../engine/sources/line-splitter.ts';
import { knownFields } from '../../../engine/sources/nvidia-smi/parse-field-help.ts';
import { loadListingParser } from '../../../engine/sources/nvidia-smi/parse-listing-xml.ts';
import { createPmonReader, parsePmon } from '../../../engine/sources/nvidia-smi/parse-pmon.ts';
import { parseQuery } from '../../../engine/sources/nvidia-smi/parse-query.ts';
import {
  parseCell,
  parseComputeApps,
  parseInvalidField,
  parseRow,
  parseTimestamp,
  quantityOf,
} from '../../../engine/sources/nvidia-smi/parse-rows.ts';
import { parseTrouble } from '../../../engine/sources/nvidia-smi/parse-trouble.ts';
import { recogniseOutput } from '../../../engine/sources/nvidia-smi/recognise-output.ts';
import { seedsOf } from '../seeds.ts';
import { BrokenRule, type FuzzSubject } from '../subject.ts';

const fields = [
  'timestamp',
  'uuid',
  'index',
  'power.draw',
  'power.draw.average',
  'utilization.gpu',
  'memory.used',
  'name',
];
const rows = [
  '2026/07/14 09:00:44.742, GPU-00000000-0000-0000-0000-000000000000, 0, 98.14, [N/A], 7, 1366, NVIDIA GeForce RTX 2080 SUPER\n'.repeat(
    3,
  ),
  '2026/07/14 09:00:44.742, MIG-1, 0, [GPU is lost], 98.14 W, 100 %, 12 MiB, Quadro RTX, 8000\r\nField "power.draw.average" is not a valid field to query.\n',
];
const errors = [
  'GPU is lost.  Reboot the system to recover this GPU\n',
  'Unable to determine the device handle for GPU 0000:02:00.0: Unknown Error\nNo devices were found\n',
];

/** A row's power and memory as the stream takes them, beside the raw cells. */
function readRows(text: string): unknown {
  // A row has a hundred characters: more lines than this are none of them rows.
  return text.split('\n', 4000).flatMap((line) => {
    if (line.trim() === '') return [];
    const row = parseRow(line, fields);
    const cell = (name: string): string => row?.cells.get(name) ?? '';
    return {
      invalidField: parseInvalidField(line),
      atUnix: parseTimestamp(cell('timestamp')),
      power: parseCell(cell('power.draw')),
      powerWatts: quantityOf(parseCell(cell('power.draw'))),
      memoryMebibytes: quantityOf(parseCell(cell('memory.used'))),
      name: cell('name'),
    };
  });
}

const parseListing = await loadListingParser();

/** Most changed texts have lost an end of the listing and would be refused at once: they are read inside one, too. */
const readListing = (text: string): unknown => [
  parseListing(text),
  parseListing(`<nvidia_smi_log>${text}</nvidia_smi_log>`),
];

export const nvidiaSmiSubjects: readonly FuzzSubject[] = [
  { id: 'nvidia-smi rows', seeds: () => [...rows, ...errors], run: readRows },
  {
    id: 'nvidia-smi compute apps',
    seeds: () => [
      ...seedsOf(/nvidia-smi\/(csv|errors)\/.*compute-apps/),
      'GPU-1, 4242, 1024, python\nGPU-2, 4243, [N/A], C:\\Program Files\\a, b\\x.exe\n',
    ],
    run: parseComputeApps,
  },
  {
    id: 'nvidia-smi query',
    seeds: () => [...seedsOf(/nvidia-smi\/csv\//), ...seedsOf(/errors\/csv-/)],
    run: readQuery,
  },
  { id: 'nvidia-smi pmon', seeds: () => seedsOf(/nvidia-smi\/(pmon|dmon)\//), run: parsePmon },
  { id: 'listing', seeds: () => seedsOf(/nvidia-smi\/xml\//), run: readListing },
  {
    id: 'nvidia-smi field help',
    seeds: () => seedsOf(/nvidia-smi\/captures\//, '"timestamp"\n"name" or "gpu_name"\n'),
    run: knownFields,
  },
  { id: 'nvidia-smi trouble', seeds: () => [...seedsOf(/nvidia-smi\/errors\//), ...errors], run: parseTrouble },
  {
    id: 'nvidia-smi output',
    seeds: () => [...seedsOf(/nvidia-smi\/(table|q-text|dmon|errors)\//), ...errors],
    run: recogniseOutput,
  },
  {
    id: 'line splitter, cut anywhere',
    seeds: () => [...rows, ...seedsOf(/nvidia-smi\/pmon\//)],
    run(text, random) {
      const whole = splitAt(text, []);
      const cuts = Array.from({ length: random.below(20) }, () => random.below(text.length + 1)).sort((a, b) => a - b);
      if (splitAt(text, cuts).join('\n') !== whole.join('\n'))
        throw new BrokenRule(`other lines when cut at ${cuts.join()}`);
      return whole;
    },
  },
  {
    id: 'pmon reader, line by line',
    seeds: () => seedsOf(/nvidia-smi\/pmon\//),
    run(text) {
      const read = createPmonReader();
      const lines = text.slice(0, 16_384);
      const found = lines.split('\n').map((line) => read(line));
      const processes = found.flatMap((line) => (line.kind === 'process' ? [line.process] : []));
      if (JSON.stringify(processes) !== JSON.stringify(parsePmon(lines)))
        throw new BrokenRule('the stream gives others than the whole');
      return found;
    },
  },
];

function readQuery(text: string): unknown {
  const table = parseQuery(text);
  // Every cell of 241 columns is checked for a few rows: a table is as long as it is wide.
  return table?.rows.slice(0, 8).map((row) => table.columns.map(({ name }) => row.cell(name)));
}

function splitAt(text: string, cuts: readonly number[]): readonly string[] {
  const lines: string[] = [];
  const take = createLineSplitter((line) => lines.push(line), 2000);
  let from = 0;
  for (const cut of [...cuts, text.length]) {
    take(text.slice(from, cut));
    from = cut;
  }
  take('\n');
  return lines;
}
