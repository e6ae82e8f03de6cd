import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createStubWorld, onlyOf, readUntil, readUsual, stubGpu } from '../../../tests/fakes/nvml/stub-world.ts';
import { type Clock, systemClock } from '../../clock/clock.ts';
import type { Source, SourceReading } from '../source.ts';

const world = createStubWorld();
const { uuid } = stubGpu();
const id = `gpu:${uuid}`;
const pause = (delayMs: number): Promise<void> => systemClock.sleep(delayMs);
if (world.skipReason !== null) console.warn(`NVML session not tested: ${world.skipReason}`);

let source: Source | null = null;
afterEach(async () => {
  await source?.close();
  source = null;
});
afterAll(() => world.remove());

async function open(...args: Parameters<typeof world.open>): Promise<Source> {
  source = await world.open(...args);
  return source;
}

/** A sysfs with one NVIDIA card that the kernel may suspend. */
function createSleepySysfs() {
  const root = mkdtempSync(join(tmpdir(), 'wattrun-sleep-'));
  const folder = join(root, 'bus/pci/devices/0000:01:00.0');
  mkdirSync(join(folder, 'power'), { recursive: true });
  const setStatus = (status: string): void => writeFileSync(join(folder, 'power/runtime_status'), `${status}\n`);
  writeFileSync(join(folder, 'vendor'), '0x10de\n');
  writeFileSync(join(folder, 'class'), '0x030200\n');
  writeFileSync(join(folder, 'power/control'), 'auto\n');
  setStatus('active');
  return { root, setStatus, remove: () => rmSync(root, { recursive: true, force: true }) };
}

describe.skipIf(world.skipReason !== null)('createNvmlSession', () => {
  it('keeps one GPU while another is lost, and has both again when it is back', async () => {
    const other = stubGpu({ uuid: 'GPU-b', busId: '00000000:02:00.0' });
    const opened = await open({
      gpus: [stubGpu(), other],
      faults: [{ kind: 'lost-gpu', uuid: 'GPU-b', fromMs: 1300, toMs: 1900 }],
    });
    await readUsual(opened);
    await pause(500);
    const during = await readUsual(opened);
    expect(onlyOf(during, id).missing).toBeNull();
    expect(onlyOf(during, 'gpu:GPU-b')).toMatchObject({
      powerWatts: null,
      counterJoules: null,
      missing: { reason: 'lost', note: expect.stringContaining('lost') },
    });
    await pause(600);
    expect(onlyOf(await readUsual(opened), 'gpu:GPU-b')).toMatchObject({ powerWatts: 250, missing: null });
  });

  it('opens although one GPU is lost from the start', async () => {
    const opened = await open({
      gpus: [stubGpu({ uuid: 'GPU-b' }), stubGpu()],
      faults: [{ kind: 'lost-gpu', uuid: 'GPU-b', fromMs: 0 }],
    });
    expect(opened.domains().map((domain) => [domain.id, domain.index])).toEqual([[id, 1]]);
  });

  it('takes in a GPU that the driver has got since', async () => {
    let aheadMs = 0;
    const clock: Clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + aheadMs };
    const gpus = [stubGpu(), stubGpu({ uuid: 'GPU-b' })];
    const opened = await open({ gpus }, { gpus: { 'GPU-b': { appearsMs: 1500 } } }, { clock });
    await readUsual(opened);
    await pause(600);
    aheadMs = 31_000;
    await readUntil(opened, (reading) => reading.domain.id === 'gpu:GPU-b' && reading.missing === null, 3000);
    expect(opened.domains().map((domain) => [domain.id, domain.index])).toEqual([
      [id, 0],
      ['gpu:GPU-b', 1],
    ]);
  });

  it('comes back by itself when the driver was reloaded', async () => {
    const opened = await open({}, { reloadedMs: [1300] });
    await readUsual(opened);
    await pause(500);
    expect(onlyOf(await readUsual(opened)).missing?.reason).toBe('lost');
    const back = await readUntil(opened, (reading) => reading.missing === null, 2000);
    expect(back).toMatchObject({ powerWatts: 250, missing: null });
  });

  it('says what is wrong where NVML does not start, and tries again when asked', async () => {
    const initFails = [{ fromMs: 0, toMs: 1400, code: 9 }];
    expect(await world.probe({}, { initFails })).toMatchObject({
      kind: 'unavailable',
      reason: 'NVML does not start: the NVIDIA driver is not loaded.',
    });
    const all = [{ kind: 'lost-gpu', uuid, fromMs: 0 }] as const;
    expect(await world.probe({ faults: all })).toMatchObject({
      reason: expect.stringContaining('none answers: the GPU is lost'),
    });
    expect(await world.probe({ gpus: [] })).toMatchObject({ reason: expect.stringContaining('knows no GPU') });
  });

  it('holds no more than the call already begun when the driver hangs, and goes on afterwards', async () => {
    const opened = await open({ faults: [{ kind: 'hang', fromMs: 1400, toMs: 2600 }] });
    await readUsual(opened);
    await pause(600);
    let longestTurnMs = 0;
    let lastMs = systemClock.monotonicMs();
    const timer = setInterval(() => {
      longestTurnMs = Math.max(longestTurnMs, systemClock.monotonicMs() - lastMs);
      lastMs = systemClock.monotonicMs();
    }, 5);
    const reading = onlyOf(await readUsual(opened));
    // A thread that was held would tell at its next turn.
    await pause(50);
    clearInterval(timer);
    // The read waited out the hang on a pool thread: this thread had its turns, bar what a busy machine takes.
    expect(reading.atMs - world.zeroMs()).toBeGreaterThanOrEqual(2580);
    expect(reading.missing).toBeNull();
    // Asked at some 1.6 s.
    expect(reading.waitedSeconds).toBeGreaterThan(0.6);
    expect(longestTurnMs).toBeLessThan(300);
  }, 10_000);

  it('asks those that wait behind one that hangs once a tick is over, and does not wait for it in the next', async () => {
    const gpus = ['GPU-a', 'GPU-b', 'GPU-c', 'GPU-d'].map((gpuUuid, i) =>
      stubGpu({ uuid: gpuUuid, busId: `00000000:0${i + 1}:00.0` }),
    );
    const opened = await open({ gpus }, { gpus: { 'GPU-b': { hangs: [{ fromMs: 1600, toMs: 4600 }] } } });
    const tick = (ms: number): Promise<readonly SourceReading[]> =>
      opened.read(new AbortController().signal, { isEdge: false, until: pause(ms) });
    expect((await tick(1000)).map(({ missing }) => missing)).toEqual([null, null, null, null]);
    await pause(Math.max(0, world.zeroMs() + 1700 - systemClock.monotonicMs()));
    const startedMs = systemClock.monotonicMs();
    const first = await tick(500);
    expect(first.map(({ domain, missing }) => [domain.id, missing?.reason ?? null])).toEqual([
      ['gpu:GPU-a', null],
      ['gpu:GPU-b', 'timeout'],
      ['gpu:GPU-c', null],
      ['gpu:GPU-d', null],
    ]);
    expect(systemClock.monotonicMs() - startedMs).toBeLessThan(1500);
    const nextMs = systemClock.monotonicMs();
    const second = await tick(5000);
    expect(systemClock.monotonicMs() - nextMs).toBeLessThan(1000);
    expect(second.map(({ missing }) => missing?.reason ?? null)).toEqual([null, 'timeout', null, null]);
    await pause(Math.max(0, world.zeroMs() + 4700 - systemClock.monotonicMs()));
    expect((await tick(1000)).map(({ missing }) => missing)).toEqual([null, null, null, null]);
  }, 15_000);

  it('reports the other GPUs in time while one hangs, and that one when it answers', async () => {
    const gpus = [stubGpu({ uuid: 'GPU-b' }), stubGpu()];
    const opened = await open({ gpus }, { gpus: { 'GPU-b': { hangs: [{ fromMs: 1400, toMs: 3400 }] } } });
    await readUsual(opened);
    await pause(500);
    const during = await readUsual(opened);
    expect(onlyOf(during, id)).toMatchObject({ powerWatts: 250, missing: null });
    expect(onlyOf(during, 'gpu:GPU-b').missing?.reason).toBe('timeout');
    // Asked again while the first call hangs: no second one is begun.
    expect(onlyOf(await readUsual(opened), 'gpu:GPU-b').missing?.reason).toBe('timeout');
    await pause(1500);
    expect(onlyOf(await readUsual(opened), 'gpu:GPU-b')).toMatchObject({ powerWatts: 250, missing: null });
  }, 10_000);

  it('closes its session for an idle laptop GPU to sleep, and opens it when the GPU was woken by another', async () => {
    const sysfs = createSleepySysfs();
    // Thirty times as fast: 30 s without use take one.
    const clock: Clock = {
      ...systemClock,
      monotonicMs: () => systemClock.monotonicMs() * 30,
      sleep: (delayMs, abort) => systemClock.sleep(delayMs / 30, abort),
    };
    const logFile = join(sysfs.root, 'calls.log');
    const opened = await open({}, { logFile, gpus: { [uuid]: {} } }, { sysfsRoot: sysfs.root, clock });
    const idle = await readUntil(opened, (reading) => reading.missing !== null, 500);
    // 100 W and more of a constant wave count as full use.
    expect(idle.missing).toBeNull();
    await opened.close();

    const unused = await open(
      { gpus: [stubGpu({ utilizationPercent: 0 })] },
      { logFile },
      { sysfsRoot: sysfs.root, clock },
    );
    const asleep = await readUntil(unused, (reading) => reading.missing !== null, 4000);
    expect(asleep).toMatchObject({
      powerWatts: null,
      missing: { reason: 'no-reading', note: expect.stringContaining('sleep') },
    });
    expect(readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1)).toContain('nvmlShutdown');
    sysfs.setStatus('suspended');
    const calls = readFileSync(logFile, 'utf8').length;
    await readUsual(unused);
    await pause(300);
    await readUsual(unused);
    // No call at all while it sleeps.
    expect(readFileSync(logFile, 'utf8').length).toBe(calls);
    sysfs.setStatus('active');
    expect(await readUntil(unused, (reading) => reading.missing === null, 2000)).toMatchObject({
      powerWatts: 250,
      missing: null,
    });
    sysfs.remove();
  }, 15_000);

  it('does not load NVML while every NVIDIA card sleeps', async () => {
    const sysfs = createSleepySysfs();
    const { root: sysfsRoot } = sysfs;
    sysfs.setStatus('suspended');
    const logFile = join(sysfsRoot, 'calls.log');
    expect(await world.probe({}, { logFile }, { sysfsRoot })).toMatchObject({
      kind: 'unavailable',
      reason: 'The NVIDIA GPU sleeps: it is not woken.',
    });
    expect(existsSync(logFile)).toBe(false);
    sysfs.setStatus('active');
    source = await world.open({}, { logFile }, { sysfsRoot });
    expect(existsSync(logFile)).toBe(true);
    sysfs.remove();
  });
});
