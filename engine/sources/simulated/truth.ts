import { isSummed } from '../../../shared/model/domain.ts';
import type { RunReport } from '../../../shared/model/run.ts';
import { isOn, type Span } from './machine-config.ts';
import type { SimulatedDevice } from './simulated-devices.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import { treeOf } from './simulated-processes.ts';

/** A run as it was reported, and the processes that it began with. */
export interface ReportedRun {
  readonly report: { readonly run: Pick<RunReport['run'], 'id' | 'startedAt' | 'durationSeconds'> };
  readonly rootPids: readonly number[];
}

export interface DomainTruth {
  /** The whole domain during the run. */
  readonly trueJoules: number;
  /** The run's share of it, by the rule. */
  readonly trueRunJoules: number;
}

export interface RunTruth {
  readonly domains: ReadonlyMap<string, DomainTruth>;
  /** Over the domains that a machine's sum has. */
  readonly trueRunJoules: number;
}

export interface Truth {
  /** What the reports of runs on this machine ought to say, by run id. All runs that were on at the same time belong into one call: they share. */
  of(runs: readonly ReportedRun[]): ReadonlyMap<string, RunTruth>;
}

interface TrueRun extends Span {
  readonly id: string;
  readonly pids: ReadonlySet<number>;
}

/**
 * The truth beside a run: a domain's energy by its closed form, and the run's share by the rule of docs/methodology.md, 'A run's share', written down anew:
 * between any two moments at which a run or a process begins or ends, the idle part goes equally to those that use the domain, the rest by SM share or by CPU
 * time. Idle draw is the device's own, not what the product learned of it.
 */
export function createTruth(machine: SimulatedMachine): Truth {
  const trueRunOf = ({ report: { run }, rootPids }: ReportedRun): TrueRun => {
    const fromSeconds = machine.secondsAt(Date.parse(run.startedAt));
    const pids = new Set(rootPids.flatMap((pid) => [...treeOf(pid, machine.processes)]));
    return { id: run.id, pids, fromSeconds, toSeconds: fromSeconds + run.durationSeconds };
  };
  return {
    of(reported) {
      const runs = reported.map(trueRunOf);
      return new Map(runs.map((run) => [run.id, truthOf(run, runs, machine)]));
    },
  };
}

function truthOf(run: TrueRun, runs: readonly TrueRun[], machine: SimulatedMachine): RunTruth {
  const domains = new Map(
    machine.devices.map((device) => [
      device.domain.id,
      {
        trueJoules: device.power.joulesBetween(run.fromSeconds, run.toSeconds),
        trueRunJoules: shareOf(run, runs, { device, machine }),
      },
    ]),
  );
  const summed = machine.devices.filter(({ domain }) => isSummed(domain.kind)).map(({ domain }) => domain.id);
  return { domains, trueRunJoules: summed.reduce((sum, id) => sum + (domains.get(id)?.trueRunJoules ?? 0), 0) };
}

interface Shared {
  readonly device: SimulatedDevice;
  readonly machine: SimulatedMachine;
}

function shareOf(run: TrueRun, runs: readonly TrueRun[], shared: Shared): number {
  const { device, machine } = shared;
  const users = device.domain.kind === 'gpu' ? device.gpuProcesses : machine.processes;
  const edges = [...runs, ...users]
    .flatMap(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds])
    .filter((seconds) => seconds > run.fromSeconds && seconds < run.toSeconds);
  const cuts = [...new Set([run.fromSeconds, ...edges, run.toSeconds])].sort((a, b) => a - b);
  return cuts.slice(1).reduce((sum, toSeconds, i) => {
    const fromSeconds = cuts[i] ?? toSeconds;
    const joules = device.power.joulesBetween(fromSeconds, toSeconds);
    const idleJoules = Math.min(joules, device.idleWatts * (toSeconds - fromSeconds));
    const on = runs.filter((one) => one.fromSeconds <= fromSeconds && one.toSeconds >= toSeconds);
    const ratios = ratiosOf(run, on, { ...shared, seconds: (fromSeconds + toSeconds) / 2 });
    return sum + idleJoules * ratios.idle + (joules - idleJoules) * ratios.active;
  }, 0);
}

interface Ratios {
  readonly idle: number;
  readonly active: number;
}

/** Within a piece in which nothing begins or ends; `seconds` is its middle. */
function ratiosOf(run: TrueRun, on: readonly TrueRun[], at: Shared & { readonly seconds: number }): Ratios {
  const { device, machine, seconds } = at;
  if (device.domain.kind !== 'gpu') {
    const busy = machine.load.ratioAt(seconds);
    const own = sumOf(machine.processes, (one) => run.pids.has(one.pid) && isOn(one, seconds), 'cpuRatio');
    return { idle: 1 / on.length, active: busy > 0 ? own / busy : 0 };
  }
  const here = device.gpuProcesses.filter((process) => isOn(process, seconds));
  const users = on.filter((one) => here.some((process) => one.pids.has(process.pid)));
  if (!users.includes(run)) return { idle: 0, active: 0 };
  const isTold = here.every((process) => process.smRatio !== null);
  const all = sumOf(here, () => true, 'smRatio');
  const equally = { idle: 1 / users.length, active: 1 / users.length };
  if (!isTold || all <= 0) return equally;
  return { ...equally, active: sumOf(here, (process) => run.pids.has(process.pid), 'smRatio') / all };
}

const sumOf = <K extends string, T extends { readonly [key in K]: number | null }>(
  items: readonly T[],
  isCounted: (item: T) => boolean,
  key: K,
): number => items.filter(isCounted).reduce((sum, item) => sum + (item[key] ?? 0), 0);
