import { setTimeout as delay } from 'node:timers/promises';
import type { Handlers } from '../shared/contract/contract.ts';
import type { EngineContract, EngineDescription } from '../shared/contract/engine-contract.ts';
import { WattrunError } from '../shared/contract/errors.ts';
import { gibibytesFromBytes } from '../shared/units.ts';
import { createAlertHandlers } from './alerts/alert-handlers.ts';
import { createCalibrationHandlers } from './calibration/calibration-handlers.ts';
import type { EngineParts } from './engine-parts.ts';
import { createImportBook } from './imports/import-book.ts';
import { createGpuProcesses } from './live/gpu-processes.ts';
import { shownWatts } from './measuring/domain-state.ts';
import { marksTold } from './progress/marks-told.ts';
import { createProjectBook } from './projects/project-book.ts';
import { createExportHandlers } from './reports/export-handlers.ts';
import { listSummaries, reportFromStore, summaryFromStore } from './reports/record-reports.ts';
import type { ActiveRun } from './runs/active-run.ts';
import { isAlive } from './runs/root-process.ts';
import { withoutSecrets } from './sources/wall/meter-secrets.ts';

/** What each request of the contract does. Leaving one out does not compile. */
export function createEngineHandlers(parts: EngineParts): Handlers<EngineContract> {
  const { store, runs, alerts, sampler, pipeline, options } = parts;
  const projects = createProjectBook({ store, unixMs: options.clock.unixMs });
  const imports = createImportBook(store);
  const gpuProcesses = createGpuProcesses({
    clock: options.clock,
    machine: options.machine,
    states: () => [...pipeline.states().values()],
    runs: runs.active,
  });
  const powerOf = (domainId: string): number | null => {
    const state = pipeline.states().get(domainId);
    return state === undefined ? null : shownWatts(state);
  };
  const summaryOf = (runId: string) => summaryFromStore(store, runId);
  /** Of a run that was on: its end is known here also where it could not be written. */
  const reportAfter = (runId: string, run: ActiveRun | undefined) => {
    const isUnrecorded =
      run !== undefined && run.record.status !== 'running' && store.readRun(runId)?.record.status === 'running';
    return reportFromStore(store, runId, isUnrecorded ? pipeline.progressOf(run) : null);
  };

  return {
    'engine.describe': () => descriptionOf(parts),
    'live.read': () => parts.live(),
    'processes.read': () => gpuProcesses.read(),
    'history.query': (query) => store.queryHistory(query),

    'runs.list': (filter) => listSummaries(store, filter),
    'runs.read': ({ runId }) => reportFromStore(store, runId),
    'runs.reserve': ({ job, runId }) => ({ runId: runs.reserve(job, runId) }),
    async 'runs.start'(request) {
      const joined = runs.join(request);
      const record = joined ?? (await runs.start(request));
      return { ...summaryOf(record.id), isJoined: joined !== null };
    },
    async 'runs.stop'({ runId, pid, exitCode, status, endedAtMs }) {
      const end = { exitCode: exitCode ?? null, status: status ?? null, endedAtMs: endedAtMs ?? null };
      // What its files say last, while its end is measured.
      const lastLook = parts.files.look(runId);
      const run = runs.find(runId);
      if (pid != null) {
        await Promise.all([runs.leave(runId, pid, end), lastLook]);
        return reportAfter(runId, run);
      }
      const roots = run?.record.foundBy === 'command' && exitCode == null ? run.roots : [];
      const living = roots.filter((root) => isAlive(options.machine, root));
      if (run !== undefined && living.length > 0 && options.stopProcess !== undefined) {
        run.isStopAsked = true;
        for (const { pid: member } of living) options.stopProcess(member);
        if (await endsByItself(() => runs.find(runId) === undefined)) return reportAfter(runId, run);
      }
      await Promise.all([runs.stop(runId, end), lastLook]);
      return reportAfter(runId, run);
    },
    'runs.mark': ({ runId, ...told }) => parts.marks.add(runId, marksTold(told)),
    'runs.energy': ({ runId }) => parts.marks.energyNow(runId),
    'runs.update'({ runId, name, project, tags, notes }) {
      runs.update(runId, (record) => ({
        ...record,
        name: name ?? record.name,
        project: project === undefined ? record.project : project,
        tags: tags ?? record.tags,
        notes: notes ?? record.notes,
      }));
      return summaryOf(runId);
    },
    'runs.relabel': ({ labels }) => ({ changed: runs.relabel(labels) }),
    'runs.delete'({ runIds }) {
      const running = runIds.flatMap((runId) => {
        const run = runs.find(runId);
        return run === undefined ? [] : [{ runId, name: run.record.name }];
      });
      const ended = runIds.filter((id) => runs.find(id) === undefined);
      const deleted = ended.length === 0 ? 0 : store.setDeleted(ended, options.clock.unixMs());
      alerts.invalidate();
      parts.emit({ name: 'runs.changed', payload: { runIds: ended } });
      return { deleted, running };
    },
    'runs.restore'({ runIds }) {
      const restored = store.setDeleted(runIds, null);
      alerts.invalidate();
      parts.emit({ name: 'runs.changed', payload: { runIds } });
      return { restored };
    },

    'runs.merge'({ intoId, ids }) {
      parts.marks.flush();
      parts.finder.merge(intoId, ids);
      parts.marks.adopt();
      return summaryOf(intoId);
    },
    'runs.dismiss'({ runId }) {
      parts.marks.flush();
      parts.finder.dismiss(runId);
      return {};
    },
    'finding.read': () => ({ isFindingRuns: parts.settings().isFindingRuns, cpuRule: parts.finder.ruleState() }),

    ...createExportHandlers(parts, projects),

    'imports.open': ({ project, isDryRun }) => ({
      importId: imports.open({ project: project ?? null, isDryRun: isDryRun === true }),
    }),
    async 'imports.push'({ importId, text }) {
      await imports.push(importId, text);
      return {};
    },
    async 'imports.finish'({ importId }) {
      const result = await imports.finish(importId);
      if (result.runIds.length > 0) {
        alerts.invalidate();
        parts.emit({ name: 'runs.changed', payload: { runIds: result.runIds } });
      }
      return result;
    },

    'projects.list': async () => ({ projects: await projects.list() }),
    'projects.read': ({ project }) => projects.read(project),

    ...createAlertHandlers(alerts),

    'settings.read': () => withoutSecrets(parts.settings()),
    'settings.write': (patch) => withoutSecrets(parts.changeSettings(patch)),
    ...parts.carbon.handlers,

    'sensors.list': () => ({ sources: [...sampler.reports(powerOf)] }),
    async 'sensors.check'() {
      await sampler.check();
      return { sources: [...sampler.reports(powerOf)] };
    },

    ...createCalibrationHandlers(parts.calibration),

    'demo.enter': refuseDemo,
    'demo.leave': refuseDemo,
  };
}

/** The demo is another engine: whoever serves sessions switches them, an engine alone cannot. */
function refuseDemo(): never {
  throw new WattrunError('host/refused', 'This Wattrun cannot switch to the simulated server.');
}

const stopPatienceMs = 8000;

async function endsByItself(isOver: () => boolean): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < stopPatienceMs; waitedMs += 100) {
    if (isOver()) return true;
    await delay(100);
  }
  return isOver();
}

function descriptionOf({ options, facts, pipeline, startedAtMs }: EngineParts): EngineDescription {
  const known = facts();
  const gpus = [...pipeline.states().values()]
    .filter((state) => state.domain.kind === 'gpu')
    .map((state) => state.domain.name);
  const cpu = known === null ? '' : known.cpuName;
  return {
    version: options.version,
    pid: process.pid,
    hostName: known?.hostName ?? '',
    machine:
      known === null
        ? ''
        : `${known.osLabel}, ${cpu}, ${known.threads} threads, ${Math.round(gibibytesFromBytes(known.memoryBytes))} GiB`,
    hardware: gpus.length === 0 ? cpu : countedNames(gpus),
    dataDirectory: options.dataDirectory,
    startedAtMs,
    isSimulated: options.isSimulated,
    canDemo: false,
  };
}

function countedNames(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`)).join(', ');
}
