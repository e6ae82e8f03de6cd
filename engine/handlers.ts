import { setTimeout as delay } from 'node:timers/promises';
import type { Handlers } from '../shared/contract/contract.ts';
import type { EngineContract, EngineDescription } from '../shared/contract/engine-contract.ts';
import { WattrunError } from '../shared/contract/errors.ts';
import { gibibytesFromBytes } from '../shared/units.ts';
import { ruleDefinitions } from './alerts/registry.ts';
import { createCalibrationHandlers } from './calibration/calibration-handlers.ts';
import { carbonLicence, listRegions } from './carbon/carbon.ts';
import type { EngineParts } from './engine.ts';
import { createImportBook } from './imports/import-book.ts';
import { createGpuProcesses } from './live/gpu-processes.ts';
import { shownWatts } from './measuring/domain-state.ts';
import { createProjectBook } from './projects/project-book.ts';
import { createExportHandlers } from './reports/export-handlers.ts';
import { listSummaries, reportFromStore } from './reports/record-reports.ts';
import { runSummary } from './reports/run-report.ts';

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
  const summaryOf = (runId: string) => {
    const stored = store.readRun(runId);
    if (stored === null) throw new WattrunError('runs/not-found', `There is no run ${runId}.`);
    return runSummary(stored.record, stored.totals);
  };

  return {
    'engine.describe': () => descriptionOf(parts),
    'live.read': () => parts.live(),
    'processes.read': () => gpuProcesses.read(),
    'history.query': (query) => store.queryHistory(query),

    'runs.list': (filter) => listSummaries(store, filter),
    'runs.read': ({ runId }) => reportFromStore(store, runId),
    'runs.start': async (request) => summaryOf((await runs.start(request)).id),
    async 'runs.stop'({ runId, exitCode, status }) {
      const run = runs.find(runId);
      const pid = run?.record.foundBy === 'command' && exitCode == null ? run.record.rootPid : null;
      if (run !== undefined && pid !== null && options.stopProcess !== undefined) {
        run.isStopAsked = true;
        options.stopProcess(pid);
        if (await endsByItself(() => runs.find(runId) === undefined)) return reportFromStore(store, runId);
      }
      await runs.stop(runId, { exitCode: exitCode ?? null, status: status ?? null });
      return reportFromStore(store, runId);
    },
    'runs.mark'({ runId, kind, label, value }) {
      const run = runs.find(runId);
      if (run === undefined) throw new WattrunError('runs/not-running', `Run ${runId} is not running.`);
      const joules = pipeline.progressOf(run).totals.totalJoules;
      store.insertMark(runId, { atMs: options.clock.unixMs(), kind, label, value: value ?? null, joules });
      parts.emit({ name: 'runs.changed', payload: { runIds: [runId] } });
      return {};
    },
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
    'runs.delete'({ runIds }) {
      const running = runIds.filter((id) => runs.find(id) !== undefined);
      if (running.length > 0)
        throw new WattrunError('runs/not-running', 'A running run cannot be deleted.', 'Stop it first.');
      const deleted = store.setDeleted(runIds, options.clock.unixMs());
      parts.emit({ name: 'runs.changed', payload: { runIds } });
      return { deleted };
    },
    'runs.restore'({ runIds }) {
      const restored = store.setDeleted(runIds, null);
      parts.emit({ name: 'runs.changed', payload: { runIds } });
      return { restored };
    },

    'runs.merge'({ intoId, ids }) {
      parts.finder.merge(intoId, ids);
      return summaryOf(intoId);
    },
    'runs.dismiss'({ runId }) {
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
      if (result.runIds.length > 0) parts.emit({ name: 'runs.changed', payload: { runIds: result.runIds } });
      return result;
    },

    'projects.list': async () => ({ projects: await projects.list() }),
    'projects.read': ({ project }) => projects.read(project),

    'alerts.describe': () => ({ kinds: ruleDefinitions.map((definition) => definition.descriptor) }),
    'alerts.list': () => ({ rules: [...alerts.listRules()] }),
    'alerts.put': (input) => alerts.putRule(input),
    'alerts.remove'({ ruleId }) {
      alerts.removeRule(ruleId);
      return {};
    },
    'alerts.test': ({ ruleId }) => alerts.test(ruleId),
    'alerts.acknowledge'({ alertId }) {
      alerts.acknowledge(alertId);
      return {};
    },
    'alerts.snooze'({ ruleId, seconds }) {
      alerts.snooze(ruleId, seconds);
      return {};
    },
    'alerts.log': ({ limit }) => ({ entries: [...store.listAlerts({ limit: limit ?? 200 })] }),

    'settings.read': () => parts.settings(),
    'settings.write': (patch) => parts.changeSettings(patch),
    'carbon.regions': () => ({ licence: carbonLicence, regions: [...listRegions()] }),

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
