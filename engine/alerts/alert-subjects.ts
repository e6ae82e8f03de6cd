import type { RunStatus } from '../../shared/model/run.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { type DomainState, shownWatts } from '../measuring/domain-state.ts';
import { machinePower, runWatts } from '../measuring/machine-power.ts';
import type { ActiveRun } from '../runs/active-run.ts';
import { type GpuProcess, isComputing } from '../sources/source.ts';
import type { AlertTick } from './alert-tick.ts';
import { machineTarget, projectTarget, runTarget } from './alert-tick.ts';
import type { AlertSample } from './rule.ts';
import { sampleAt } from './rule.ts';
import type { SpentLedger } from './spent-ledger.ts';

export interface SubjectsInput {
  readonly monotonicMs: number;
  readonly unixMs: number;
  readonly states: readonly DomainState[];
  readonly runs: readonly ActiveRun[];
  /** Runs that ended since the tick before. */
  readonly ended: readonly EndedRun[];
  readonly hasProcess: (pid: number) => boolean;
  readonly isPaused: (runId: string) => boolean;
  /** Null while no budget is watched. */
  readonly spent: SpentLedger | null;
}

export interface EndedRun {
  readonly id: string;
  readonly name: string;
  readonly project: string | null;
  readonly status: RunStatus;
  readonly exitCode: number | null;
}

/** What rules see each tick, gathered from all that was read. Keeps what only time tells: when a part was last read, what a run used at most. */
export function createAlertSubjects(): { collect(input: SubjectsInput): AlertTick } {
  const lastGoodMs = new Map<string, number>();
  const cpuUse = new Map<string, CpuUse>();

  function silentSeconds(state: DomainState, nowMs: number): number | null {
    const { reading, domain } = state;
    if (reading === null) return null;
    const isGood = reading.missing === null;
    const isAsleep = reading.missing?.reason === 'asleep';
    const before = lastGoodMs.get(domain.id) ?? null;
    const goodMs = isAsleep ? nowMs : isGood ? Math.max(before ?? 0, reading.atMs) : before;
    if (goodMs === null) return null;
    lastGoodMs.set(domain.id, goodMs);
    return Math.max(0, secondsFromMs(nowMs - goodMs) - reading.restSeconds);
  }

  function domainSample(state: DomainState, nowMs: number): AlertSample {
    const { reading, domain } = state;
    const silent = silentSeconds(state, nowMs);
    if (reading === null || reading.missing !== null)
      return sampleAt(nowMs, {
        silentSeconds: silent,
        presence: reading === null ? null : presenceOf(reading.missing?.reason),
      });
    return sampleAt(nowMs, {
      powerWatts: shownWatts(state),
      limitWatts: reading.limitWatts ?? domain.limitWatts,
      temperatureCelsius: reading.temperatureCelsius,
      memoryUsedBytes: reading.memoryUsedBytes,
      memoryTotalBytes: reading.memoryTotalBytes ?? domain.memoryTotalBytes,
      utilizationRatio: reading.utilizationRatio,
      throttleReasons: reading.throttleReasons,
      heldBytes: heldBytes(state),
      presence: 'read',
      silentSeconds: silent,
    });
  }

  /** CPU time now over the most it ever was, each as a mean of ten seconds. */
  function cpuRatio(run: ActiveRun, nowMs: number): number | null {
    const seconds = run.ledger.cpuSeconds;
    if (seconds === null) return null;
    const use = cpuUse.get(run.record.id) ?? { atMs: nowMs, seconds, mostCores: 0, ratio: null };
    const spanSeconds = secondsFromMs(nowMs - use.atMs);
    if (spanSeconds < cpuSpanSeconds) {
      cpuUse.set(run.record.id, use);
      return use.ratio;
    }
    const cores = Math.max(0, seconds - use.seconds) / spanSeconds;
    const mostCores = Math.max(use.mostCores, cores);
    const ratio = mostCores < leastCores ? null : cores / mostCores;
    cpuUse.set(run.record.id, { atMs: nowMs, seconds, mostCores, ratio });
    return ratio;
  }

  function runSample(run: ActiveRun, input: SubjectsInput): AlertSample {
    const { id } = run.record;
    const isPaused = input.isPaused(id);
    const gpus = input.states.filter(({ domain }) => isGpuOf(run, domain.id));
    return sampleAt(input.monotonicMs, {
      powerWatts: run.ledger.watts.size === 0 ? null : runWatts(run),
      utilizationRatio: isPaused ? null : gpus.length > 0 ? gpuRatio(run, gpus) : cpuRatio(run, input.monotonicMs),
      isAlive: isPaused || run.roots.length === 0 ? null : isAnyThere(run.pids, input.hasProcess),
      spent: input.spent?.run(id) ?? null,
    });
  }

  return {
    collect(input) {
      const { monotonicMs, unixMs, states, spent } = input;
      const samples = new Map<string, AlertSample>();
      for (const state of states) samples.set(state.domain.id, domainSample(state, monotonicMs));
      samples.set(machineTarget, machineSample(input, [...samples.values()]));
      const runs = input.runs.filter((run) => run.endMs === null);
      for (const run of runs) samples.set(runTarget(run.record.id), runSample(run, input));
      for (const { id, status, exitCode } of input.ended) {
        cpuUse.delete(id);
        samples.set(
          runTarget(id),
          sampleAt(monotonicMs, { ended: { status, exitCode }, spent: spent?.run(id) ?? null }),
        );
      }
      const projects = new Set([...runs.flatMap((run) => run.record.project ?? []), ...(spent?.projects() ?? [])]);
      for (const name of projects) {
        const own = runs.filter((run) => run.record.project === name && run.ledger.watts.size > 0);
        samples.set(
          projectTarget(name),
          sampleAt(monotonicMs, {
            powerWatts: own.length === 0 ? null : own.reduce((sum, run) => sum + runWatts(run), 0),
            spent: spent?.project(name) ?? null,
          }),
        );
      }
      return {
        monotonicMs,
        unixMs,
        samples,
        projectOf: (runId) =>
          (runs.find((run) => run.record.id === runId)?.record ?? input.ended.find((run) => run.id === runId))
            ?.project ?? null,
        labelOf: labels(input),
        runIdsOf: (target) => concerned(target, runs),
      };
    },
  };
}

interface CpuUse {
  readonly atMs: number;
  readonly seconds: number;
  readonly mostCores: number;
  readonly ratio: number | null;
}

const cpuSpanSeconds = 10;
/** A run that never kept half a core busy does not work by its CPU. */
const leastCores = 0.5;

function isAnyThere(pids: Iterable<number>, hasProcess: (pid: number) => boolean): boolean {
  for (const pid of pids) if (hasProcess(pid)) return true;
  return false;
}

const presenceOf = (reason: string | undefined): AlertSample['presence'] =>
  reason === 'asleep' ? 'asleep' : reason === 'lost' ? 'lost' : 'blind';

function heldBytes({ reading }: DomainState): number | null {
  if (reading === null || reading.processes === null) return null;
  let sum = 0;
  for (const { memoryUsedBytes } of reading.processes.filter(isComputing)) {
    // Where the driver does not say who holds how much, all that is used is held by somebody.
    if (memoryUsedBytes === null) return reading.memoryUsedBytes;
    sum += memoryUsedBytes;
  }
  return sum;
}

const isGpuOf = (run: ActiveRun, domainId: string): boolean =>
  domainId.startsWith('gpu:') && (run.ledger.domains.get(domainId)?.runJoules ?? 0) > 0;

/** Mean over the run's GPUs: of each what its processes did, where the driver tells, else what it did. Null where one is not known. */
function gpuRatio(run: ActiveRun, gpus: readonly DomainState[]): number | null {
  let sum = 0;
  for (const { reading } of gpus) {
    const ratio = processesRatio(run, reading?.processes ?? []) ?? reading?.utilizationRatio ?? null;
    if (ratio === null) return null;
    sum += Math.min(1, ratio);
  }
  return sum / gpus.length;
}

/** What the run's processes did on a GPU; null where none of them is there, or the driver does not tell it of all. */
function processesRatio(run: ActiveRun, processes: readonly GpuProcess[]): number | null {
  let sum: number | null = null;
  for (const { pid, smRatio } of processes) {
    if (!run.pids.has(pid)) continue;
    if (smRatio === null) return null;
    sum = (sum ?? 0) + smRatio;
  }
  return sum;
}

function machineSample({ monotonicMs, states, spent }: SubjectsInput, domains: readonly AlertSample[]): AlertSample {
  const silent = domains.flatMap((sample) => sample.silentSeconds ?? []);
  const isRead = domains.some((sample) => sample.presence === 'read' || sample.presence === 'asleep');
  return sampleAt(monotonicMs, {
    powerWatts: machinePower(states).powerWatts,
    silentSeconds: silent.length === 0 ? null : Math.min(...silent),
    presence: domains.length === 0 ? null : isRead ? 'read' : 'blind',
    spent: spent?.machine() ?? null,
  });
}

function labels({ states, runs, ended }: SubjectsInput): AlertTick['labelOf'] {
  return (target) => {
    if (target.startsWith('project:')) return target.slice('project:'.length);
    if (!target.startsWith('run:')) return states.find(({ domain }) => domain.id === target)?.domain.label ?? null;
    const id = target.slice('run:'.length);
    return runs.find((run) => run.record.id === id)?.record.name ?? ended.find((run) => run.id === id)?.name ?? null;
  };
}

/** Runs that a target is about: of a device those that draw from it, of the machine all. */
function concerned(target: string, runs: readonly ActiveRun[]): readonly string[] {
  if (target.startsWith('run:')) return [target.slice('run:'.length)];
  return runs
    .filter((run) =>
      target === machineTarget
        ? true
        : target.startsWith('project:')
          ? projectTarget(run.record.project ?? '') === target
          : (run.ledger.watts.get(target) ?? 0) > 0,
    )
    .map((run) => run.record.id);
}
