import type { Handlers } from '../shared/contract/contract.ts';
import type { EngineContract } from '../shared/contract/engine-contract.ts';
import { createEmitter } from '../shared/contract/transport.ts';
import { isSummed } from '../shared/model/domain.ts';
import type { LiveState } from '../shared/model/live.ts';
import { mostMarksAtOnce } from '../shared/model/progress.ts';
import type { Settings, SettingsPatch } from '../shared/model/settings.ts';
import { type AlertDesk, createAlertDesk } from './alerts/alert-desk.ts';
import { type CalibrationDesk, createCalibrationDesk } from './calibration/calibration-desk.ts';
import { createCpuLoad } from './calibration/cpu-load.ts';
import { factorFromSettings } from './carbon/carbon.ts';
import { type CarbonDesk, createCarbonDesk } from './carbon/carbon-desk.ts';
import { askGrid } from './carbon/grid/ask-grid.ts';
import { createTimeline } from './clock/timeline.ts';
import type { EngineEvent, EngineOptions, EngineParts } from './engine-parts.ts';
import { machineEnvironment } from './environment/run-environment.ts';
import { assertPattern } from './finding/cpu-rule.ts';
import { createFinder, type Finder } from './finding/finder.ts';
import { createEngineHandlers } from './handlers.ts';
import { createDayLedger, localMidnightMs } from './live/day-ledger.ts';
import { liveState } from './live/live-state.ts';
import { createOverhead } from './live/overhead.ts';
import { readGitState } from './machine/git-state.ts';
import type { MachineFacts } from './machine/machine.ts';
import { absenceBefore } from './measuring/absence.ts';
import type { DomainState } from './measuring/domain-state.ts';
import { activeCpuWatts } from './measuring/machine-power.ts';
import { createPipeline, type Pipeline } from './measuring/pipeline.ts';
import { createFileWatch, type FileWatch, type WatchedRun } from './output/files/file-watch.ts';
import { createMarkBook, type MarkBook } from './progress/mark-book.ts';
import { livingRuns } from './runs/living-runs.ts';
import { createRunBook, type RunBook } from './runs/run-book.ts';
import { sampleForever } from './sampler/sample-forever.ts';
import { createSampler } from './sampler/sampler.ts';
import { createLoadMeter } from './sources/cpu-model/cpu-source.ts';
import type { SourceContext } from './sources/source.ts';
import { withKeptSecrets, withoutSecrets } from './sources/wall/meter-secrets.ts';
import { createStorageGuard, type StorageGuard } from './store/storage-guard.ts';
import type { Store } from './store/store.ts';

export interface Engine {
  readonly handlers: Handlers<EngineContract>;
  readonly runs: RunBook;
  onEvent(listener: (event: EngineEvent) => void): () => void;
  /** Probes the sources, for this long at most, and starts sampling. */
  open(probeLimitMs: number, patienceMs?: number): Promise<void>;
  tick(): Promise<void>;
  live(): LiveState;
  /** Energy by domain since this engine started. */
  joulesSinceStart(): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const reprobeEveryMs = 60_000;
/** What was there and went away (a driver that was reloaded, a GPU that was reset) is looked for more often. */
const recoverEveryMs = 5000;
const rollUpEveryMs = 60_000;
/** Of a stretch longer than this, half a second at its end is less than 0.2 %. */
const fineTimeMs = 300_000;
const retentionMs = 30 * 24 * 3600 * 1000;

/** Who has runs on record knows what it is: a newer version greets nobody anew. */
function welcomedSettings(store: Store): Settings {
  const settings = store.readSettings();
  return settings.isWelcomed || store.countRuns() === 0 ? settings : { ...settings, isWelcomed: true };
}

/** One machine's measuring, record and alerts: no transport, no Electron, no command line. */
export function createEngine(options: EngineOptions): Engine {
  const { store, clock, machine } = options;
  const events = createEmitter<EngineEvent>();
  const emit = (event: EngineEvent): void => events.emit(event);
  const startedAtMs = clock.unixMs();
  const timeline = createTimeline(clock, machine.readBootMs);
  const guard: StorageGuard = createStorageGuard(store, options.log);
  let settings = welcomedSettings(store);
  let facts: MachineFacts | null = null;
  const stop = new AbortController();
  let loop: Promise<void> = Promise.resolve();
  let isOpened = false;

  const context: SourceContext = {
    clock,
    timeline,
    environment: options.environment,
    sysfsRoot: options.sysfsRoot,
    procfsRoot: options.procfsRoot,
    periodSeconds: () => settings.samplePeriodSeconds,
    isRunOn: () => runs.measured().length > 0,
    isPid: (pid) => machine.hasAllPids() && machine.hasProcess(pid),
    isFineTimeWanted: () => runs.measured().some((run) => clock.monotonicMs() - run.lastCutMs < fineTimeMs),
    settings: () => settings,
    learned: { read: store.readLearned, write: (key, value) => guard.write(() => store.writeLearned(key, value)) },
    log: options.log,
  };
  const joulesSinceStart = new Map<string, number>();
  const kindOf = new Map(store.listDomains().map((domain) => [domain.id, domain.kind]));
  const day = createDayLedger(clock.unixMs(), store.dayTotals(localMidnightMs(clock.unixMs())), (id) =>
    isSummed(kindOf.get(id) ?? 'other'),
  );

  const pipeline: Pipeline = createPipeline({
    learned: context.learned,
    clock,
    timeline,
    machine,
    periodSeconds: context.periodSeconds,
    activeRuns: () => runs.measured(),
    onInterval(interval, unixMs) {
      day.add(interval, unixMs);
      joulesSinceStart.set(interval.domainId, (joulesSinceStart.get(interval.domainId) ?? 0) + interval.joules);
    },
    onDomain({ domain }) {
      kindOf.set(domain.id, domain.kind);
      guard.write(() => store.putDomain(domain));
    },
  });
  const sampler = createSampler({
    definitions: options.definitions,
    context,
    onReadings: receive,
    onSourcesChanged: () => emit({ name: 'sensors.changed', payload: {} }),
  });
  const runs: RunBook = createRunBook({
    store,
    clock,
    timeline,
    pipeline: () => pipeline,
    tick: (round) => sampler.tick(round),
    hostName: () => facts?.hostName ?? '',
    factor: () => carbon.factor(),
    price: () => carbon.price(),
    accounts: () => carbon.accounts(),
    isSimulated: options.isSimulated,
    environment: () =>
      machineEnvironment({
        facts,
        gpus: sampler.domains().flatMap((domain) => (domain.kind === 'gpu' ? [domain.name] : [])),
        driver: sampler.gpuDriver(),
        wattrunVersion: options.version,
        unread: sampler.unread(),
      }),
    readProgram: machine.readProgram,
    onChanged(runIds) {
      alerts.invalidate();
      carbon.account(runIds);
      tellRunsChanged(runIds);
    },
    onSettled: (run) => marks.settleEnded(run),
    machine,
    onFailure: (error) => options.log(String(error)),
    write: guard.write,
  });
  const carbon: CarbonDesk = createCarbonDesk({
    store,
    learned: context.learned,
    environment: options.environment,
    unixMs: clock.unixMs,
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    settings: () => settings,
    changeSettings,
    updateRun: (runId, change) => runs.update(runId, change),
    activeRunIds: () => runs.active().map((run) => run.record.id),
    ask: options.askGrid ?? ((request, signal) => askGrid(request, signal)),
    write: guard.write,
    log: options.log,
    onRunsChanged(runIds) {
      alerts.invalidate();
      tellRunsChanged(runIds);
    },
    onChanged(status) {
      alerts.invalidate();
      emit({ name: 'carbon.changed', payload: status });
    },
  });
  const marks: MarkBook = createMarkBook({
    store,
    clock,
    timeline,
    pipeline: () => pipeline,
    find: (runId) => runs.find(runId),
    active: () => runs.active(),
    onChanged: tellRunsChanged,
    write: guard.write,
  });
  const files: FileWatch = createFileWatch({
    clock,
    runs: watchedRuns,
    async onMarks(runId, list) {
      for (let from = 0; from < list.length; from += mostMarksAtOnce)
        await marks.add(runId, list.slice(from, from + mostMarksAtOnce));
    },
  });
  const finder: Finder = createFinder({
    clock,
    machine,
    runs,
    store,
    learned: context.learned,
    settings: () => settings,
    enginePid: process.pid,
    readGit: readGitState,
    log: options.log,
  });
  const overhead = createOverhead({
    clock,
    machine,
    foreignPids: () => runs.measured().flatMap((run) => run.record.rootPid ?? []),
    activeCpuWatts: () => activeCpuWatts(pipeline.states().values()),
  });
  const alerts: AlertDesk = createAlertDesk({
    store,
    clock,
    machine,
    learned: context.learned,
    environment: options.environment,
    dataDirectory: options.dataDirectory,
    settings: () => settings,
    carbon,
    hostName: () => facts?.hostName ?? '',
    states: spokenStates,
    runs: () => runs.active(),
    joulesOf: (run) => pipeline.progressOf(run).totals.totalJoules,
    machineJoules: () =>
      [...joulesSinceStart].reduce((sum, [id, joules]) => sum + (isSummed(kindOf.get(id) ?? 'other') ? joules : 0), 0),
    signal: options.signalProcess ?? null,
    write: guard.write,
    onFired: (entry) => emit({ name: 'alerts.fired', payload: entry }),
    onCleared: (entry) => emit({ name: 'alerts.cleared', payload: entry }),
    onChanged: () => emit({ name: 'alerts.changed', payload: {} }),
    onRunChanged: (runId) => emit({ name: 'runs.changed', payload: { runIds: [runId] } }),
    log: options.log,
  });

  const calibration: CalibrationDesk = createCalibrationDesk({
    load: createCpuLoad(),
    ...options.calibration,
    clock,
    learned: context.learned,
    states: spokenStates,
    createLoadMeter: () => createLoadMeter(machine),
    blockedBy: () => (options.isSimulated ? 'simulated' : runs.active().length > 0 ? 'run' : null),
    onChanged: (status) => emit({ name: 'calibration.changed', payload: status }),
    log: options.log,
  });

  /** What the settings do not ask for any more has nothing to say; a device that is lost has. */
  function spokenStates(): readonly DomainState[] {
    const states = [...pipeline.states().values()];
    const isChosen = ({ domain: { kind } }: DomainState): boolean => kind === 'wall' || kind === 'platform';
    if (!states.some(isChosen)) return states;
    const spoken = new Set(sampler.domains().map((domain) => domain.id));
    return states.filter((state) => !isChosen(state) || spoken.has(state.domain.id));
  }

  function watchedRuns(): readonly WatchedRun[] {
    if (options.isSimulated) return [];
    return runs
      .active()
      .flatMap(({ record: { id, cwd, startedMs } }) => (cwd === null ? [] : [{ id, cwd, startedMs }]));
  }

  function tellRunsChanged(runIds: readonly string[]): void {
    emit({ name: 'runs.changed', payload: { runIds: [...runIds] } });
  }

  function receive(readings: Parameters<Pipeline['process']>[0]): void {
    const tick = runs.hold(pipeline.process(readings));
    guard.write(() => store.writeTick(tick));
    marks.step();
    files.step();
    runs.endDeserted();
    find(readings);
    carbon.step();
    alert(tick.atMs);
    if (events.isHeard()) emit({ name: 'live.changed', payload: live() });
    // Its figures are means since the look before: somebody has to look.
    else overhead.read();
  }

  /** What goes wrong in a rule must not stop the measuring. */
  function alert(unixMs: number): void {
    try {
      alerts.watch(unixMs);
    } catch (error) {
      options.log(`alerts: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }

  /** What goes wrong in finding runs must not stop the measuring. */
  function find(readings: Parameters<Pipeline['process']>[0]): void {
    try {
      finder.step(readings);
    } catch (error) {
      options.log(`finding runs: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }

  function live(): LiveState {
    const reports = sampler.reports(() => null);
    const answering = reports.filter((report) => report.state === 'answering').length;
    return liveState({
      atMs: clock.unixMs(),
      periodSeconds: settings.samplePeriodSeconds,
      isSimulated: options.isSimulated,
      states: spokenStates(),
      wall: calibration.wallNow(),
      runs: runs.active(),
      progressOf: pipeline.progressOf,
      countsOf: marks.live,
      day,
      alerts: alerts.firing(),
      isPaused: alerts.control.isPaused,
      factor: carbon.factorNow(),
      price: carbon.priceNow(),
      dayAccounts: carbon.dayAccounts(day.startMs()),
      accountingOf: carbon.accountingOf,
      storage: guard.state(),
      sources: {
        answering,
        expected:
          answering + reports.filter((report) => report.state === 'failing' || report.state === 'needs-you').length,
      },
      overhead: overhead.read(),
    });
  }

  function changeSettings(patch: SettingsPatch): Settings {
    const next = {
      ...settings,
      // The year was chosen among another place's.
      ...(patch.region === undefined || patch.region === settings.region ? {} : { regionYear: null }),
      ...Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)),
    } as Settings;
    if (patch.wallMeters !== undefined) next.wallMeters = withKeptSecrets(patch.wallMeters, settings.wallMeters);
    factorFromSettings(next);
    if (patch.cpuRunPattern !== undefined) assertPattern(next.cpuRunPattern);
    store.writeSettings(next);
    const before = settings;
    settings = next;
    alerts.invalidate();
    if (patch.quietHours !== undefined) alerts.quietHoursChanged();
    if (patch.wallMeters !== undefined || patch.isReadingPlatform !== undefined)
      sampler
        .check((definition) => definition.isStale?.(before, next) === true)
        .catch((error: unknown) => options.log(String(error)));
    emit({ name: 'settings.changed', payload: withoutSecrets(next) });
    return next;
  }

  const sampleOn = (): Promise<void> =>
    sampleForever({
      clock,
      signal: stop.signal,
      periodSeconds: context.periodSeconds,
      tick: (until) => sampler.tick(until === undefined ? {} : { until }),
      between: () => pipeline.lookAtRuns(),
      chores: [
        {
          everyMs: rollUpEveryMs,
          isDueAtOnce: true,
          work: () =>
            guard.write(() => {
              store.rollUp(clock.unixMs());
              store.prune(clock.unixMs() - retentionMs);
            }),
        },
        {
          everyMs: recoverEveryMs,
          work: () => void sampler.recover().catch((error: unknown) => options.log(String(error))),
        },
        {
          everyMs: reprobeEveryMs,
          work: () => void sampler.check().catch((error: unknown) => options.log(String(error))),
        },
      ],
    });

  const parts: EngineParts = {
    options,
    store,
    runs,
    marks,
    files,
    finder,
    alerts,
    sampler,
    pipeline,
    calibration,
    carbon,
    startedAtMs,
    facts: () => facts,
    settings: () => settings,
    changeSettings,
    live,
    emit,
  };

  return {
    handlers: createEngineHandlers(parts),
    runs,
    onEvent: events.on,
    async open(probeLimitMs, patienceMs) {
      isOpened = true;
      const adopted = new Set([...(options.adoptRunIds ?? []), ...livingRuns(store, machine, clock.unixMs())]);
      const found = finder.adopt();
      runs.closeStale(new Set([...adopted, ...found]));
      alerts.closeStale(clock.unixMs());
      alerts.destinations.sender.wake();
      for (const id of adopted) runs.adopt(id);
      marks.adopt();
      const factsRead = machine.facts().then((read) => {
        facts = read;
      });
      await Promise.all([sampler.open(probeLimitMs, patienceMs), Promise.race([factsRead, clock.sleep(probeLimitMs)])]);
      // Runs that are gone on with have gaps of their own, which end with the first reading of each device.
      const absence = runs.active().length === 0 ? absenceBefore(clock.unixMs(), store) : [];
      guard.write(() => store.putGaps(absence));
      if (options.isTicking === false) return;
      // What begins with the engine begins with readings whose moments are known.
      await sampler.tick({ isEdge: true });
      loop = sampleOn().catch((error: unknown) =>
        options.log(`sampling stopped: ${error instanceof Error ? error.stack : String(error)}`),
      );
    },
    tick: () => sampler.tick(),
    live,
    joulesSinceStart: () => joulesSinceStart,
    async close() {
      stop.abort();
      await calibration.close();
      files.close();
      await carbon.close();
      await loop;
      // Another process may go on with the runs that are on: from here.
      if (runs.active().length > 0) await sampler.tick({ isEdge: true });
      runs.settle();
      // A run that ended last is told of too.
      if (isOpened) alert(clock.unixMs());
      await alerts.close();
      await sampler.close();
      events.clear();
      marks.flush();
      guard.flush();
      store.close();
    },
  };
}
