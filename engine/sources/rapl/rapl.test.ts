import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../shared/model/settings.ts';
import { exampleContext } from '../../../tests/examples.ts';
import {
  createFakePowercap,
  desktopZones,
  type FakePowercap,
  type FakeZone,
  unprivilegedIds,
  writeEnergy,
} from '../../../tests/fakes/powercap.ts';
import { systemClock } from '../../clock/clock.ts';
import { createFakeClock } from '../../clock/fake-clock.ts';
import type { ProbeResult, SourceContext, SourceReading } from '../source.ts';
import { raplSource } from './rapl-source.ts';
import { findRaplZones } from './rapl-zones.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wattrun-rapl-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const clock = createFakeClock(1_700_000_000_000, 5000);
const context = (): SourceContext => exampleContext(clock, { sysfsRoot: root, procfsRoot: root });
const probe = (): Promise<ProbeResult> => raplSource.probe(context());
const signal = new AbortController().signal;

async function readOnce(powercap: () => void = () => {}): Promise<readonly SourceReading[]> {
  const found = await probe();
  if (found.kind !== 'available') throw new Error(found.reason);
  const source = await found.open();
  powercap();
  return source.read(signal);
}
/** Runs a script in a child that gives its rights up once everything is loaded, for root reads any file; gives what it prints. */
function runUnprivileged(script: string): unknown {
  const ids = unprivilegedIds();
  const from = (file: string): string => JSON.stringify(join(import.meta.dirname, file));
  const whole = `
    const { raplSource } = await import(${from('rapl-source.ts')});
    const { systemClock } = await import(${from('../../clock/clock.ts')});
    ${ids === null ? '' : `process.setgid(${ids.gid}); process.setuid(${ids.uid});`}
    const context = {
      sysfsRoot: ${JSON.stringify(root)},
      clock: systemClock,
      periodSeconds: () => 1,
      settings: () => ({ isReadingPlatform: false }),
    };
    ${script}`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', whole], { encoding: 'utf8' }));
}

const byId = (readings: readonly SourceReading[], id: string): SourceReading | undefined =>
  readings.find((reading) => reading.domain.id === id);

describe('findRaplZones', () => {
  it('finds the package, its DRAM and the platform around both; not core and uncore inside it or mmio beside it', async () => {
    createFakePowercap(root);
    const zones = await findRaplZones(root);
    // 262 143 328 850 µJ of range are 262 143.32885 J.
    expect(
      zones.map(({ kind, index, rangeJoules, maxPowerWatts }) => [kind, index, rangeJoules, maxPowerWatts]),
    ).toEqual([
      ['package', 0, 262_143.328_85, 125],
      ['dram', 0, 262_143.328_85, null],
      ['platform', 0, 262_143.328_85, null],
    ]);
  });

  it('finds both packages of two sockets, each DRAM with the number of its own', async () => {
    const zones: readonly FakeZone[] = [
      // As kernels number them: intel-rapl:0 need not be package-0.
      { id: 'intel-rapl:0', name: 'package-1' },
      { id: 'intel-rapl:0:0', name: 'dram' },
      { id: 'intel-rapl:1', name: 'package-0' },
      { id: 'intel-rapl:1:0', name: 'dram' },
    ];
    createFakePowercap(root, zones);
    expect((await findRaplZones(root)).map(({ kind, index }) => `${kind} ${index}`).sort()).toEqual([
      'dram 0',
      'dram 1',
      'package 0',
      'package 1',
    ]);
  });

  it('counts a package once though its dies repeat its name', async () => {
    createFakePowercap(root, [
      { id: 'intel-rapl:0', name: 'package-0-die-0' },
      { id: 'intel-rapl:1', name: 'package-0-die-0' },
    ]);
    expect(await findRaplZones(root)).toHaveLength(1);
  });

  it('counts a package once where each die shows the package’s one register, as AMD’s do', async () => {
    // Read a moment apart the same register is a few joules further on.
    createFakePowercap(root, [
      { id: 'intel-rapl:0', name: 'package-0-die-0', startMicrojoules: 5_000_000_000 },
      { id: 'intel-rapl:1', name: 'package-0-die-1', startMicrojoules: 5_000_300_000 },
    ]);
    expect((await findRaplZones(root)).map(({ index, die }) => [index, die])).toEqual([[0, null]]);
  });

  it('counts dies apart where each has a register of its own, as Intel’s do', async () => {
    createFakePowercap(root, [
      { id: 'intel-rapl:0', name: 'package-0-die-0', startMicrojoules: 5_000_000_000 },
      { id: 'intel-rapl:1', name: 'package-0-die-1', startMicrojoules: 91_000_000_000 },
    ]);
    expect((await findRaplZones(root)).map(({ index, die }) => [index, die])).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });

  it('counts dies apart whose registers begin alike and draw apart', async () => {
    const powercap = createFakePowercap(root, [
      { id: 'intel-rapl:0', name: 'package-0-die-0' },
      { id: 'intel-rapl:1', name: 'package-0-die-1' },
    ]);
    // At 0 both, then 50 and 30 W more or less: 1 J apart after 50 ms.
    const drawing = setInterval(() => powercap.tick({ 'intel-rapl:0': 0.5, 'intel-rapl:1': 0.3 }), 10);
    const zones = await findRaplZones(root);
    clearInterval(drawing);
    expect(zones.map(({ index, die }) => [index, die])).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });

  it('counts dies apart whose registers lie some joules apart', async () => {
    createFakePowercap(root, [
      { id: 'intel-rapl:0', name: 'package-0-die-0', startMicrojoules: 5_000_000_000 },
      { id: 'intel-rapl:1', name: 'package-0-die-1', startMicrojoules: 5_008_000_000 },
    ]);
    expect(await findRaplZones(root)).toHaveLength(2);
  });

  it('finds nothing where there is no powercap', async () => expect(await findRaplZones(root)).toEqual([]));
});

describe('raplSource', () => {
  it('reads counters in joules with the value at which they wrap', async () => {
    createFakePowercap(root, [
      { id: 'intel-rapl:0', name: 'package-0', startMicrojoules: 1_500_000, maxPowerWatts: 125 },
      { id: 'intel-rapl:0:0', name: 'dram', startMicrojoules: 250_000, maxEnergyRangeMicrojoules: 65_532_610_987 },
    ]);
    const readings = await readOnce();
    expect(readings).toHaveLength(2);
    expect(byId(readings, 'cpu:0')).toMatchObject({
      atMs: 5000,
      counterJoules: 1.5,
      counterRangeJoules: 262_143.328_85,
      limitWatts: 125,
      missing: null,
    });
    expect(byId(readings, 'dram:0')).toMatchObject({ counterJoules: 0.25, counterRangeJoules: 65_532.610_987 });
  });

  it('follows the counter between two reads', async () => {
    const powercap = createFakePowercap(root);
    const found = await probe();
    if (found.kind !== 'available') throw new Error(found.reason);
    expect(found.covers).toEqual(['cpu', 'memory', 'platform']);
    const source = await found.open();
    const before = byId(await source.read(signal), 'cpu:0')?.counterJoules ?? Number.NaN;
    powercap.tick({ 'intel-rapl:0': 42.5 });
    const after = byId(await source.read(signal), 'cpu:0')?.counterJoules ?? Number.NaN;
    expect(after - before).toBeCloseTo(42.5, 6);
    await source.close();
    await source.close();
  });

  it('gives a missing reading, never 0, where one counter cannot be read', async () => {
    const powercap: FakePowercap = createFakePowercap(root);
    const readings = await readOnce(() => powercap.setAccess('intel-rapl:0', 'missing'));
    expect(byId(readings, 'cpu:0')).toMatchObject({
      counterJoules: null,
      powerWatts: null,
      missing: { reason: 'failed', note: expect.stringContaining('ENOENT') },
    });
    expect(byId(readings, 'dram:0')).toMatchObject({ counterJoules: 0, missing: null });
  });

  it('does not take a counter that has counted and says 0 for one that wrapped', async () => {
    const powercap = createFakePowercap(root);
    powercap.tick({ 'intel-rapl:0': 42.5 });
    const found = await probe();
    if (found.kind !== 'available') throw new Error(found.reason);
    const source = await found.open();
    const read = async (): Promise<SourceReading | undefined> => byId(await source.read(signal), 'cpu:0');
    const before = await read();
    const text = readFileSync(powercap.energyFile('intel-rapl:0'), 'utf8');
    writeEnergy(powercap.energyFile('intel-rapl:0'), 0);
    expect(await read()).toMatchObject({ counterJoules: null, missing: { reason: 'failed' } });
    writeEnergy(powercap.energyFile('intel-rapl:0'), Number(text));
    expect(await read()).toMatchObject({ counterJoules: before?.counterJoules, missing: null });
    await source.close();
  });

  it.each(['', 'garbage\n', '-5\n', '1e3\n'])('gives a missing reading for the content %j', async (content) => {
    const powercap = createFakePowercap(root);
    const readings = await readOnce(() => {
      powercap.setAccess('intel-rapl:0', 'missing');
      writeFileSync(powercap.energyFile('intel-rapl:0'), content);
    });
    expect(byId(readings, 'cpu:0')).toMatchObject({ counterJoules: null, missing: { reason: 'failed' } });
  });

  it('measures the zones it may read where others are closed to it', async () => {
    createFakePowercap(
      root,
      desktopZones.map((zone) => (zone.name === 'dram' ? { ...zone, access: 'directory' as const } : zone)),
    );
    expect(await probe()).toMatchObject({ kind: 'available', covers: ['cpu', 'platform'] });
    expect((await readOnce()).map((reading) => reading.domain.id)).toEqual(['cpu:0']);
  });

  it('misses the package that it may not read beside one that it may, and has it back once it may', async () => {
    const powercap = createFakePowercap(root, [
      { id: 'intel-rapl:0', name: 'package-0' },
      { id: 'intel-rapl:1', name: 'package-1', access: 'directory' },
    ]);
    const found = await probe();
    expect(found).toMatchObject({ kind: 'available', covers: ['cpu'] });
    if (found.kind !== 'available') return;
    const source = await found.open();
    const missingOf = async () => (await source.read(signal)).map(({ missing }) => missing?.reason ?? null);
    expect(await missingOf()).toEqual([null, 'failed']);
    powercap.setAccess('intel-rapl:1', 'readable');
    expect(await missingOf()).toEqual([null, null]);
    await source.close();
  });

  it('tells what only root may read beside what it reads, with the command', async () => {
    createFakePowercap(root, [
      { id: 'intel-rapl:0', name: 'package-0' },
      { id: 'intel-rapl:0:0', name: 'dram', access: 'mode-000' },
      { id: 'intel-rapl:1', name: 'package-1', access: 'mode-000' },
    ]);
    const told = runUnprivileged(`
      const found = await raplSource.probe(context);
      const source = await found.open();
      await source.read(new AbortController().signal);
      console.log(JSON.stringify({ covers: found.covers, ...source.shortfall() }));
      await source.close();`);
    expect(told).toMatchObject({
      covers: ['cpu'],
      reason: 'Only root may read the counter of CPU 1, Memory 0.',
      remedies: [{ command: expect.stringContaining('chmod a+r') }, {}],
    });
  });

  it('has no remedy to offer for a counter that is broken', async () => {
    createFakePowercap(
      root,
      desktopZones.map((zone) => ({ ...zone, access: 'directory' as const })),
    );
    expect(await probe()).toMatchObject({
      kind: 'unavailable',
      isMendable: false,
      remedies: [],
      reason: expect.stringContaining('EISDIR'),
    });
  });

  it('takes the platform where another package than the first tells it', async () => {
    createFakePowercap(
      root,
      desktopZones.map((zone) => (zone.name === 'psys' ? { ...zone, name: 'psys-1' } : zone)),
    );
    expect(await probe()).toMatchObject({ covers: ['cpu', 'memory', 'platform'] });
  });

  it('leaves the platform’s own counter alone until it is asked for', async () => {
    createFakePowercap(root);
    const settings = { ...defaultSettings };
    const found = await raplSource.probe({ ...context(), settings: () => settings });
    if (found.kind !== 'available') throw new Error(found.reason);
    const source = await found.open();
    expect(source.domains().map((domain) => domain.id)).toEqual(['cpu:0', 'dram:0']);
    settings.isReadingPlatform = true;
    expect(source.domains().map((domain) => domain.id)).toEqual(['cpu:0', 'dram:0', 'platform']);
    expect((await source.read(signal)).map((reading) => reading.domain.kind)).toEqual(['cpu', 'dram', 'platform']);
    await source.close();
  });

  it('asks a counter that wraps within a second as often as its wraps need', async () => {
    // 10 J at up to 4 × 10 W wrap in 0.25 s: asked every 31 ms. In 0.45 s that is 14 times, and once more by the round.
    createFakePowercap(root, [
      { id: 'intel-rapl:0', name: 'package-0', maxEnergyRangeMicrojoules: 10_000_000, maxPowerWatts: 10 },
    ]);
    const found = await raplSource.probe({ ...context(), clock: systemClock });
    if (found.kind !== 'available') throw new Error(found.reason);
    const source = await found.open();
    await new Promise((resolve) => setTimeout(resolve, 450));
    const readings = await source.read(signal);
    await source.close();
    expect(readings.length).toBeGreaterThanOrEqual(6);
    expect(readings.length).toBeLessThanOrEqual(16);
    const times = readings.map((reading) => reading.atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('waits at a run’s edge for the counter’s next step, whose moment is known', async () => {
    const powercap = createFakePowercap(root, [{ id: 'intel-rapl:0', name: 'package-0' }]);
    const found = await raplSource.probe({ ...context(), clock: systemClock });
    if (found.kind !== 'available') throw new Error(found.reason);
    const source = await found.open();
    const askedAtMs = systemClock.monotonicMs();
    setTimeout(() => powercap.tick({ 'intel-rapl:0': 3 }), 40);
    setTimeout(() => powercap.tick({ 'intel-rapl:0': 5 }), 80);
    const readings = await source.read(signal, { isEdge: true });
    await source.close();
    // The second step tells how often it is renewed, and so when the value before the first one was new.
    expect(readings.map((reading) => reading.counterJoules)).toEqual([0, 3, 8]);
    const [before = 0, first = 0, second = 0] = readings.map((reading) => reading.atMs - askedAtMs);
    expect(first).toBeGreaterThan(30);
    expect(before).toBeCloseTo(first - (second - first), 6);
  });

  it('says that a container hides the counters where their links lead nowhere', async () => {
    mkdirSync(join(root, 'class/powercap'), { recursive: true });
    symlinkSync('/nowhere/powercap/intel-rapl:0', join(root, 'class/powercap/intel-rapl:0'));
    expect(await probe()).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('container hides') });
  });

  it('says that a virtual machine has none', async () => {
    writeFileSync(join(root, 'cpuinfo'), 'processor\t: 0\nflags\t\t: fpu vme hypervisor lahf_lm\n');
    expect(await probe()).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('virtual machine') });
  });

  it('says where it looked when there is no powercap', async () =>
    expect(await probe()).toMatchObject({
      kind: 'unavailable',
      isMendable: false,
      reason: expect.stringContaining(join(root, 'class/powercap')),
    }));

  it('offers two commands where only root may read the counter', () => {
    createFakePowercap(
      root,
      desktopZones.map((zone) => ({ ...zone, access: 'mode-000' as const })),
    );
    const result = runUnprivileged('console.log(JSON.stringify(await raplSource.probe(context)));') as Extract<
      ProbeResult,
      { kind: 'unavailable' }
    >;
    expect(result).toMatchObject({
      kind: 'unavailable',
      isMendable: true,
      reason: expect.stringContaining('only root'),
    });
    expect(result.remedies.map((remedy) => remedy.command.includes('chmod a+r'))).toEqual([true, true]);
  });
});
