import type { Client } from '../../shared/contract/client.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import { type MarkInput, mostMarksAtOnce } from '../../shared/model/progress.ts';

export interface MarkSender {
  add(mark: MarkInput): void;
  /** Says where marks go: to a run that is on record now. */
  open(client: () => Client<EngineContract>, runId: string): void;
  /** Sends what is left; gives up after a moment. */
  finish(): Promise<void>;
}

const everyMs = 500;
/** While no engine answers, the newest this many wait. */
const mostWaiting = 20_000;
const patienceMs = 3000;
const requestTimeoutMs = 5000;

/** Sends marks in batches, each with an id, so that one that is sent again is not counted twice. */
export function createMarkSender(prefix: string): MarkSender {
  let waiting: MarkInput[] = [];
  let count = 0;
  let target: { readonly client: () => Client<EngineContract>; readonly runId: string } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let sending: Promise<boolean> | null = null;

  function schedule(): void {
    if (timer !== null || target === null || waiting.length === 0) return;
    timer = setTimeout(() => {
      timer = null;
      send().then(schedule);
    }, everyMs);
    timer.unref();
  }

  /** True unless the engine did not answer. */
  function send(): Promise<boolean> {
    sending ??= sendBatch().finally(() => {
      sending = null;
    });
    return sending;
  }

  async function sendBatch(): Promise<boolean> {
    if (target === null || waiting.length === 0) return true;
    const batch = waiting.slice(0, mostMarksAtOnce);
    const { client, runId } = target;
    try {
      await client().request('runs.mark', { runId, marks: batch }, { timeoutMs: requestTimeoutMs });
    } catch (error) {
      // The engine may be gone and another one take over: the same marks again. What it does not take, it never will.
      const isRefused = error instanceof WattrunError && /^(runs|contract\/invalid)/.test(error.code);
      if (!isRefused) return false;
    }
    const sent = new Set(batch);
    waiting = waiting.filter((mark) => !sent.has(mark));
    return true;
  }

  return {
    add(mark) {
      waiting.push({ ...mark, id: `${prefix}-${++count}` });
      if (waiting.length > mostWaiting) waiting = waiting.slice(-mostWaiting);
      schedule();
    },
    open(client, runId) {
      target = { client, runId };
      schedule();
    },
    async finish() {
      if (timer !== null) clearTimeout(timer);
      const deadlineMs = performance.now() + patienceMs;
      while (target !== null && waiting.length > 0 && performance.now() < deadlineMs)
        if (!(await send())) await new Promise((resolve) => setTimeout(resolve, 100));
    },
  };
}
