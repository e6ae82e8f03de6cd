import type { RunStatus, StoppedBy } from '../model/run.ts';

export interface RunState {
  readonly status: RunStatus;
  readonly isPaused: boolean;
  readonly stoppedBy: StoppedBy | null;
}

/** How a run stands, in English: 'running', 'paused', 'finished', 'stopped by alert “4.5 kW for 30 s”'. */
export function runStateText({ status, isPaused, stoppedBy }: RunState): string {
  if (isPaused) return 'paused';
  // Until it has ended it may yet end otherwise.
  return stoppedBy === null || status === 'running' ? status : `${status} by alert “${stoppedBy.rule}”`;
}
