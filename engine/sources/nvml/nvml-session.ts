import type { Domain, GapReason } from '../../../shared/model/domain.ts';
import { nvidiaPowerError } from '../nvidia/nvidia-facts.ts';
import { type ReadOptions, type Source, type SourceContext, type SourceReading, unknownValues } from '../source.ts';
import { withTimeout } from '../with-timeout.ts';
import { createAsker, createTurn } from './ask.ts';
import { type Device, isGone, openDevice } from './device.ts';
import { createDeviceReader, type DeviceReader, type DeviceRound } from './device-reader.ts';
import { awake, type DisplayDevice, listNvidiaDisplays, maySleep, stepSleep } from './gpu-sleep.ts';
import { lookAfterWaitingAt } from './native-calls.ts';
import { type NvmlLibrary, nvmlCodeText, valueOrNull } from './nvml-api.ts';
import { createRecovery } from './recovery.ts';

/** A device that has not answered by then, while others have, is reported as hung; a tick has its own time. */
const deviceTimeoutMs = 600;
/** After a tick's own time: for devices that waited behind one that hangs. */
const lateTimeoutMs = 300;
const restartWaitMs = 300;
const absentPeriodMs = 10_000;
const countPeriodMs = 30_000;
/** How often sysfs is asked whether the cards may sleep: rarely where they may not, as it is a walk over all PCI devices. */
const sleepPeriodMs = 5000;
const noSleepPeriodMs = 60_000;

type Missing = NonNullable<SourceReading['missing']>;
const asleep: Missing = { reason: 'no-reading', note: 'The NVIDIA GPU is left to sleep: nothing uses it.' };

/** The open source: a reader for each device, none of which can hold up the others. */
export function createNvmlSession(
  library: NvmlLibrary,
  found: { readonly devices: readonly Device[]; readonly absentIndexes: readonly number[] },
  context: SourceContext,
): Source {
  const { clock, log } = context;
  const turn = createTurn();
  const createReader = (device: Device): DeviceReader =>
    createDeviceReader(library, device, { asker: createAsker(clock, turn), turn, context });
  let readers: readonly DeviceReader[] = found.devices.map(createReader);
  const absent = new Set(found.absentIndexes);
  let knownCount = found.devices.length + found.absentIndexes.length;
  const rounds = new Map<DeviceReader, Promise<readonly SourceReading[]>>();
  const recovery = createRecovery({
    library,
    clock,
    log,
    readers: () => readers,
    idle: () => Promise.all(rounds.values()),
  });
  let sleep = awake;
  let sleepLookedAtMs = Number.NEGATIVE_INFINITY;
  let displays: readonly DisplayDevice[] = [];
  let absentAskedAtMs = clock.monotonicMs();
  let idle = new Set<DeviceReader>();
  let isClosed = false;

  const missingReadings = (domains: readonly Domain[], missing: Missing): readonly SourceReading[] =>
    domains.map((domain) => ({
      domain,
      ...unknownValues,
      atMs: clock.monotonicMs(),
      error: nvidiaPowerError,
      missing,
    }));
  const missingOf = (reader: DeviceReader, reason: GapReason, note: string): readonly SourceReading[] =>
    missingReadings(reader.domains(), { reason, note });

  function readingsOf(reader: DeviceReader, round: DeviceRound): readonly SourceReading[] {
    if (round.kind === 'readings') {
      recovery.recovered(reader);
      if (round.isIdle) idle.add(reader);
      else idle.delete(reader);
      return round.readings;
    }
    recovery.failed(reader, round.code);
    idle.delete(reader);
    return missingOf(reader, isGone(round.code) ? 'lost' : 'failed', `NVML: ${nvmlCodeText(round.code)}.`);
  }

  /** One round at a time for each device: one that hangs is not asked again until it answers. */
  function startRound(
    reader: DeviceReader,
    round: Parameters<DeviceReader['read']>[0],
  ): Promise<readonly SourceReading[]> {
    const running = rounds.get(reader);
    if (running !== undefined) return running;
    const started = runRound(reader, round);
    rounds.set(reader, started);
    return started;
  }

  async function runRound(
    reader: DeviceReader,
    round: Parameters<DeviceReader['read']>[0],
  ): Promise<readonly SourceReading[]> {
    try {
      return readingsOf(reader, await reader.read(round));
    } catch (error) {
      return missingOf(reader, 'failed', `NVML: ${String(error).slice(0, 200)}`);
    } finally {
      rounds.delete(reader);
    }
  }

  async function readAll(signal: AbortSignal, { isEdge, until }: ReadOptions): Promise<readonly SourceReading[]> {
    const asked = readers;
    const answers = new Map<DeviceReader, readonly SourceReading[]>();
    if (until !== undefined) lookAfterWaitingAt(until);
    // One that hangs since a round before is not waited for again while others answer.
    const isFresh = asked.map((reader) => !rounds.has(reader));
    const pending = asked.map((reader) =>
      startRound(reader, { isEdge, signal }).then((readings) => answers.set(reader, readings)),
    );
    const waited = Promise.all(pending.filter((_, index) => isFresh[index]));
    if ((await withTimeout(waited, until ?? deviceTimeoutMs)) === 'timeout' && until !== undefined)
      // Those that waited behind one that hangs have only been asked now.
      await withTimeout(waited, lateTimeoutMs);
    // Where none answers the whole driver hangs, and so does this source: the sampler sees to that.
    if (answers.size === 0) await Promise.race(pending);
    return asked.flatMap(
      (reader) =>
        answers.get(reader) ?? missingOf(reader, 'timeout', 'The NVIDIA driver does not answer for this GPU.'),
    );
  }

  /** Devices that were lost when the source was opened, or that the driver has got since, join when they answer. */
  async function openAbsent(): Promise<void> {
    const nowMs = clock.monotonicMs();
    if (nowMs - absentAskedAtMs < (absent.size > 0 ? absentPeriodMs : countPeriodMs)) return;
    absentAskedAtMs = nowMs;
    const count = valueOrNull(await library.deviceCount.later());
    if (count !== null && count !== knownCount) {
      knownCount = count;
      // They may all have been numbered anew: which are new is told by their UUIDs.
      for (let index = 0; index < count; index++) absent.add(index);
    }
    for (const index of [...absent]) {
      const opened = await openDevice(library, index);
      if (opened.kind === 'code' || isClosed) continue;
      absent.delete(index);
      const isKnown = readers.some(({ device }) => device.key === opened.value.key);
      if (!isKnown) readers = [...readers, createReader(opened.value)].sort((a, b) => a.device.index - b.device.index);
    }
  }

  /** True while the session is closed for the cards to sleep. */
  async function tendSleep(isEdge: boolean): Promise<boolean> {
    const atMs = clock.monotonicMs();
    const isIdle = readers.every((reader) => idle.has(reader));
    if (!sleep.isClosed && !isIdle) sleep = { ...sleep, idleSinceMs: null };
    const periodMs = maySleep(displays) ? sleepPeriodMs : noSleepPeriodMs;
    if (!sleep.isClosed && (isEdge || !isIdle || atMs - sleepLookedAtMs < periodMs)) return false;
    sleepLookedAtMs = atMs;
    displays = await listNvidiaDisplays(context.sysfsRoot);
    const { state, advice } = stepSleep(sleep, { atMs, isIdle, devices: displays });
    sleep = state;
    if (advice === 'close') {
      for (const reader of readers) reader.rest();
      await library.shutdown.later();
      log('nvml: nothing uses the GPU: its session is closed so that it can sleep.');
    }
    if (advice === 'reopen') {
      log('nvml: the GPU is awake: its session is opened again.');
      idle = new Set();
      await recovery.restart();
    }
    return sleep.isClosed;
  }

  return {
    domains: () => readers.flatMap((reader) => reader.domains()),
    async read(signal: AbortSignal, options: ReadOptions = { isEdge: false }) {
      const domains = (): readonly Domain[] => readers.flatMap((reader) => reader.domains());
      if (await tendSleep(options.isEdge)) return missingReadings(domains(), asleep);
      const restarting = recovery.restarting();
      if (restarting !== null && (await withTimeout(restarting, restartWaitMs)) === 'timeout')
        return missingReadings(domains(), { reason: 'lost', note: 'NVML is being started again.' });
      const readings = await readAll(signal, options);
      openAbsent().catch((error: unknown) => log(`nvml: ${String(error)}`));
      return readings;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      recovery.close();
      await withTimeout(Promise.all(readers.map((reader) => reader.close())), 500);
      if (!sleep.isClosed) await withTimeout(library.shutdown.later(), 1000);
    },
  };
}
