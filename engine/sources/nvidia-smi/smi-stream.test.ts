import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installFakeNvidiaSmi } from '../../../tests/fakes/install.ts';
import { systemClock } from '../../clock/clock.ts';
import { knownFields } from './parse-field-help.ts';
import type { SmiRow } from './parse-rows.ts';
import { fieldsAfterRefusal } from './smi-fields.ts';
import { createSmiStream, type SmiStream } from './smi-stream.ts';

const gpus = [
  { uuid: 'GPU-aaaa', name: 'NVIDIA A', busId: '00000000:01:00.0', limitWatts: 300 },
  { uuid: 'GPU-bbbb', name: 'NVIDIA B', busId: '00000000:02:00.0', limitWatts: 300 },
].map((gpu) => ({ ...gpu, wave: { kind: 'constant', highWatts: 200 } }));
const wanted = [
  ['timestamp'],
  ['uuid'],
  ['power.draw'],
  ['power.draw.average'],
  ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'],
  ['name'],
];
const fields = wanted.flatMap((names) => names.slice(0, 1));

let folder: string;
let logFile: string;
let before: string | undefined;
let stream: SmiStream | null;
let rows: SmiRow[];
let words: string[];
let known: ReadonlySet<string>;
let ends: string[];
let found: (readonly string[])[];
/** Milliseconds to the next start, as the log tells after every end. */
let waits: number[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wattrun-smi-'));
  logFile = join(folder, 'calls.jsonl');
  before = process.env.FAKE_NVIDIA_SMI;
  stream = null;
  rows = [];
  words = [];
  known = new Set();
  ends = [];
  found = [];
  waits = [];
});

afterEach(() => {
  stream?.close();
  if (before === undefined) delete process.env.FAKE_NVIDIA_SMI;
  else process.env.FAKE_NVIDIA_SMI = before;
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a stream on a fake with this config; it is closed after the test. */
function start(config: object, firstTry: readonly string[] | null = null): void {
  process.env.FAKE_NVIDIA_SMI = JSON.stringify({ gpus, logFile, ...config });
  stream = createSmiStream({
    path: installFakeNvidiaSmi(folder),
    wanted,
    knownFields: () => known,
    firstTry,
    onFound: (fields) => found.push(fields),
    periodMs: 50,
    clock: systemClock,
    onRow: (row) => rows.push(row),
    onWords: (line) => words.push(line),
    onEnd: (reason) => ends.push(reason),
    log: (message) => waits.push(Number(/again in (\d+) ms/.exec(message)?.[1])),
  });
}

const calls = (): readonly { readonly pid: number; readonly argv: readonly string[] }[] =>
  readFileSync(logFile, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const soon = { timeout: 8000, interval: 20 };

describe('createSmiStream', { timeout: 20_000 }, () => {
  it('gives whole rows of every GPU though they come in pieces', async () => {
    start({ faults: [{ kind: 'split-lines' }] });
    await expect.poll(() => rows.length, soon).toBeGreaterThanOrEqual(6);
    expect(words).toEqual([]);
    expect(new Set(rows.map((row) => row.cells.get('uuid')))).toEqual(new Set(['GPU-aaaa', 'GPU-bbbb']));
    for (const row of rows) {
      expect([...row.cells.keys()]).toEqual(fields);
      expect(row.cells.get('power.draw')).toBe('200.00');
      expect(row.cells.get('name')).toMatch(/^NVIDIA [AB]$/);
    }
    expect(stream?.trouble()).toBeNull();
  });

  it('leaves out the fields that the driver does not know, without the wait that follows a failure', async () => {
    start({ unknownFields: ['power.draw.average', 'clocks_event_reasons.active'] });
    await expect.poll(() => rows.length, soon).toBeGreaterThan(0);
    expect([...(rows[0]?.cells.keys() ?? [])]).toEqual(['timestamp', 'uuid', 'power.draw', 'name']);
    // Refused are the average and the reasons: the third start asks for what every driver knows.
    expect(calls()).toHaveLength(3);
    // Neither an end to report nor a wait: each refusal is followed by the next try at once.
    expect(ends).toEqual([]);
    expect(waits).toEqual([]);
  });

  it('says why it has nothing when the tool ends, and starts it again', async () => {
    start({ faults: [{ kind: 'exit', atMs: Date.now() + 2500, code: 3 }], phaseZeroUnixMs: 0 });
    await expect.poll(() => ends.length, soon).toBe(1);
    expect(ends[0]).toContain('exit 3');
    expect(stream?.trouble()).toContain('exit 3');
    const rowsBefore = rows.length;
    await expect.poll(() => rows.length, soon).toBeGreaterThan(rowsBefore);
    expect(stream?.trouble()).toBeNull();
    expect(calls()).toHaveLength(2);
  });

  it('hands on a line that is no row', async () => {
    start({ faults: [{ kind: 'banner', text: 'WARNING: infoROM is corrupted at gpu 0000:01:00.0\n' }] });
    await expect.poll(() => rows.length, soon).toBeGreaterThan(0);
    expect(words).toEqual(['WARNING: infoROM is corrupted at gpu 0000:01:00.0']);
  });

  it('leaves no process when it is closed, twice over', async () => {
    start({});
    await expect.poll(() => rows.length, soon).toBeGreaterThan(0);
    const [call] = calls();
    expect(call === undefined ? false : isAlive(call.pid)).toBe(true);
    stream?.close();
    stream?.close();
    await expect.poll(() => isAlive(call?.pid ?? 0), soon).toBe(false);
    await systemClock.sleep(1200);
    expect(calls()).toHaveLength(1);
  });

  it('reports a tool that cannot be started', async () => {
    stream = createSmiStream({
      path: join(folder, 'not-there'),
      wanted,
      knownFields: () => known,
      periodMs: 50,
      clock: systemClock,
      onRow: (row) => rows.push(row),
      onWords: (line) => words.push(line),
      onEnd: (reason) => ends.push(reason),
      log: () => {},
    });
    await expect.poll(() => ends.length, soon).toBe(1);
    expect(ends[0]).toContain('ENOENT');
  });
});

describe('the fields after a refusal', () => {
  const fieldsAfter = (field: string, known: readonly string[] = [], refusals = 0) =>
    fieldsAfterRefusal(wanted, fields, { field, known: new Set(known), refusals });

  it('are those that are left, or the refused one by its older name, where the driver has not said what it knows', () => {
    expect(fieldsAfter('power.draw.average')).toEqual(fields.filter((field) => field !== 'power.draw.average'));
    expect(fieldsAfter('clocks_event_reasons.active')).toEqual([
      'timestamp',
      'uuid',
      'power.draw',
      'power.draw.average',
      'clocks_throttle_reasons.active',
      'name',
    ]);
  });

  it('are only what all drivers know at the second refusal, for each costs a start of the tool', () =>
    expect(fieldsAfter('power.draw.average', [], 1)).toEqual(['timestamp', 'uuid', 'power.draw', 'name']));

  it('are those that are left where a plain one is refused among plain ones', () =>
    expect(
      fieldsAfterRefusal(wanted, ['timestamp', 'uuid', 'power.draw', 'name'], {
        field: 'name',
        known: new Set(),
        refusals: 5,
      }),
    ).toEqual(['timestamp', 'uuid', 'power.draw']));

  it('are all that the driver says it knows, where it has', () =>
    expect(
      fieldsAfter('power.draw.average', ['timestamp', 'uuid', 'power.draw', 'clocks_throttle_reasons.active', 'name']),
    ).toEqual(['timestamp', 'uuid', 'power.draw', 'clocks_throttle_reasons.active', 'name']));

  it('leave out one that the driver lists and refuses all the same', () =>
    expect(fieldsAfter('power.draw', fields)).toEqual(fields.filter((field) => field !== 'power.draw')));
});

describe('a driver that does not say what it knows', () => {
  it('is asked at once for what it answered before', async () => {
    known = new Set();
    start({ unknownFields: ['power.draw.average', 'clocks_event_reasons.active'] });
    await expect.poll(() => found.length, soon).toBeGreaterThan(0);
    expect(found[0]).toEqual(['timestamp', 'uuid', 'power.draw', 'name']);
    stream?.close();
    rows = [];
    start({ unknownFields: ['power.draw.average', 'clocks_event_reasons.active'] }, found[0]);
    await expect.poll(() => rows.length, soon).toBeGreaterThan(0);
    expect(calls()).toHaveLength(4);
  }, 20_000);

  it('is asked for more once it has said it after all', async () => {
    start({ unknownFields: ['clocks_event_reasons.active'] });
    await expect.poll(() => rows.length, soon).toBeGreaterThan(0);
    expect(rows[0]?.cells.has('power.draw.average')).toBe(false);
    known = knownFields('"timestamp"\n"uuid"\n"power.draw"\n"power.draw.average"\n"name"\n');
    await expect.poll(() => rows.at(-1)?.cells.has('power.draw.average'), soon).toBe(true);
    expect(calls()).toHaveLength(4);
  }, 20_000);
});

describe('a driver that said what it knows', () => {
  it('is asked for that at the second try', async () => {
    known = knownFields('"timestamp"\n"uuid"\n"power.draw"\n"name"\n');
    start({ unknownFields: ['power.draw.average', 'clocks_event_reasons.active'] });
    await expect.poll(() => rows.length, soon).toBeGreaterThan(0);
    expect(calls()).toHaveLength(2);
    expect([...(rows[0]?.cells.keys() ?? [])]).toEqual(['timestamp', 'uuid', 'power.draw', 'name']);
  }, 20_000);
});
