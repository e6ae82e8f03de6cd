import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { capturesFolder, listCaptures, readCapture } from '../../../tests/captures.ts';
import { chooseFields, knownFields } from './parse-field-help.ts';

const help = `List of valid properties to query for the switch "--query-gpu":

"timestamp"
The timestamp of when the query was made in format "YYYY/MM/DD HH:MM:SS.msec".

Section about clocks properties

"clocks.current.sm" or "clocks.sm"
Current frequency of SM (Streaming Multiprocessor) clock.
"Enabled" or a word like "power.draw" may begin a sentence.
`;

describe('knownFields', () => {
  it('lists every name, and the other names of one value', () =>
    expect([...knownFields(help)]).toEqual(['timestamp', 'clocks.current.sm', 'clocks.sm']));

  it('is empty for a text that lists nothing', () =>
    expect(knownFields('Failed to initialize NVML: Unknown Error').size).toBe(0));
});

describe('chooseFields', () => {
  it('asks for each value once, by the best name that the driver knows', () => {
    const wanted = [['power.draw.average'], ['clocks.sm', 'clocks.current.sm'], ['clocks.current.sm'], ['timestamp']];
    expect(chooseFields(wanted, new Set(['timestamp', 'clocks.current.sm']))).toEqual([
      'clocks.current.sm',
      'timestamp',
    ]);
  });
});

describe.skipIf(capturesFolder === null)('on real sessions (skipped where there is no ../shared/data)', () => {
  const files = listCaptures('nvidia-smi/captures', '.txt').map((path) => basename(path));
  /** The part of a session below the line '# <title>'. */
  const section = (file: string, title: string): string => {
    const text = readCapture(`nvidia-smi/captures/${file}`).replaceAll('\r', '');
    const part = text.split(/^#{80}\n/m);
    const at = part.findIndex((one) => one.startsWith(`# ${title}`));
    return part[at + 1] ?? '';
  };

  it('has sessions to read', () => expect(files).toHaveLength(7));

  it.each(files)('knows of %s what its author got from the same help', (file) => {
    const listed = section(file, 'capabilities :: query-gpu field list').trim().split('\n');
    const known = knownFields(section(file, 'capabilities :: help-query-gpu'));
    // README of the captures: 202, 212, 239 or 241 fields; the names that another name stands for are not among them.
    expect([202, 212, 239, 241]).toContain(listed.length);
    expect(listed.filter((name) => !known.has(name))).toEqual([]);
    expect(known.has('clocks_throttle_reasons.active') && known.has('gpu.power.draw.average')).toBe(true);
    expect(known.has('used_gpu_memory')).toBe(false);
    // No energy counter in any driver up to 610.
    expect([...known].filter((name) => /energy/i.test(name))).toEqual([]);
    // The rest are other names of those: counted in the quoted lines of the help, where "clocks.max.sm" stands twice.
    const names: Readonly<Record<number, number>> = { 202: 243, 212: 253, 239: 280, 241: 282 };
    expect(known.size).toBe(names[listed.length]);
  });

  it.each(files)('reads the fields of processes in %s', (file) =>
    expect(knownFields(section(file, 'capabilities :: help-query-compute-apps'))).toEqual(
      new Set([
        'timestamp',
        'gpu_name',
        'gpu_bus_id',
        'gpu_serial',
        'gpu_uuid',
        'pid',
        'process_name',
        'name',
        'used_gpu_memory',
        'used_memory',
      ]),
    ),
  );
});
