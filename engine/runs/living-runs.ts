import { msFromSeconds } from '../../shared/units.ts';
import type { Machine } from '../machine/machine.ts';
import { ticksPerSecond } from '../machine/procfs.ts';
import type { Store } from '../store/store.ts';
import { isAlive, rootsOf } from './root-process.ts';

/** Two clocks tell when a process and when its run began; a program also has to start before it can begin a run. */
const clockDifferenceMs = 5000;

/** Where nothing tells when a process began, a pid is taken to be the same one for this long after the run was last measured. */
const samePidMs = 60_000;

/**
 * Runs of commands and of programs that began them themselves, that an engine which is gone left open, and that still have a process: the program does not
 * know that the engine went away, and a command's `wattrun run` looks for the next one. A pid that was given to another program since is told by when that
 * began: by the record's own start time, and after a boot, which counts anew, by the run's.
 */
export function livingRuns(
  store: Pick<Store, 'listOpenRuns'>,
  machine: Pick<Machine, 'readProcess' | 'readBootMs' | 'hasProcess'>,
  nowMs: number,
): readonly string[] {
  const sinceBootMs = machine.readBootMs();
  const beganMs = (pid: number): number | null => {
    const facts = sinceBootMs === null ? null : machine.readProcess(pid);
    if (facts === null || sinceBootMs === null) return null;
    return nowMs - sinceBootMs + msFromSeconds(facts.startedTicks / ticksPerSecond);
  };
  return store
    .listOpenRuns()
    .filter(({ record }) => record.foundBy === 'api' || record.foundBy === 'command')
    .filter(({ record, lastSampleMs }) =>
      rootsOf(record).some((root) => {
        const { pid } = root;
        if (!isAlive(machine, root)) return false;
        if (sinceBootMs === null) return nowMs - (lastSampleMs ?? record.startedMs) < samePidMs;
        const began = beganMs(pid);
        // A rank may have joined long after its run began.
        const latestMs = record.job === null ? record.startedMs : nowMs;
        return began !== null && began <= latestMs + clockDifferenceMs;
      }),
    )
    .map(({ record }) => record.id);
}
