import type { Client } from '../shared/contract/client.ts';
import type { Payload } from '../shared/contract/contract.ts';
import type { EngineContract } from '../shared/contract/engine-contract.ts';
import { WattrunError } from '../shared/contract/errors.ts';
import type { RunReport } from '../shared/model/run.ts';

type StopRequest = Payload<EngineContract, 'runs.stop'>;

/** As much of a client as ends a run. */
export type RunClient = Pick<Client<EngineContract>, 'request'>;

const stopTimeoutMs = 10_000;

const isCode = (error: unknown, code: string): boolean => error instanceof WattrunError && error.code === code;

/**
 * Tells a run's end. The engine that has the run may end with a run of its own at the same moment: the next one is told, and where the first had heard it
 * and only its answer was lost, the run's report is read there.
 * @throws what the engine says, and what `next` does
 */
export async function tellRunEnd(
  client: RunClient,
  told: StopRequest,
  next: () => Promise<RunClient>,
): Promise<RunReport> {
  const stop = (at: RunClient): Promise<RunReport> => at.request('runs.stop', told, { timeoutMs: stopTimeoutMs });
  try {
    return await stop(client);
  } catch (error) {
    if (!isCode(error, 'contract/closed')) throw error;
  }
  const after = await next();
  try {
    return await stop(after);
  } catch (error) {
    if (!isCode(error, 'runs/not-running')) throw error;
    return after.request('runs.read', { runId: told.runId });
  }
}
