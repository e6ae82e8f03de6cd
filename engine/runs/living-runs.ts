import { msFromSeconds } from '../../shared/units.ts';
import type { Machine } from '../machine/machine.ts';
import { ticksPerSecond } from '../machine/procfs.ts';
import type { Store } from '../store/store.ts';
import { membersOf } from './run-members.ts';

/** Two clocks tell when a process and when its run began; a program also has to start before it can begin a run. */
const clockDifferenceMs = 5000;

/**
 * Runs that programs began themselves (`foundBy: api`), that an engine which is gone left open, and that still have a process: they do not know
 * that the engine went away. A pid that was given to another program since is told by when that began. None where this cannot be told.
 */
export function livingApiRuns(
  store: Pick<Store, 'listOpenRuns'>,
  machine: Pick<Machine, 'readProcess' | 'readBootMs'>,
  nowMs: number,
): readonly string[] {
  const sinceBootMs = machine.readBootMs();
  if (sinceBootMs === null) return [];
  const beganMs = (pid: number): number | null => {
    const facts = machine.readProcess(pid);
    return facts === null ? null : nowMs - sinceBootMs + msFromSeconds(facts.startedTicks / ticksPerSecond);
  };
  return store
    .listOpenRuns()
    .filter(({ record }) => record.foundBy === 'api')
    .filter(({ record }) =>
      membersOf(record).some((pid) => {
        const began = beganMs(pid);
        // A rank may have joined long after its run began.
        const latestMs = record.job === null ? record.startedMs : nowMs;
        return began !== null && began <= latestMs + clockDifferenceMs;
      }),
    )
    .map(({ record }) => record.id);
}
