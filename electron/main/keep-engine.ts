import { type WireError, wireErrorFrom } from '../../shared/contract/errors.ts';
import type { Transport } from '../../shared/contract/transport.ts';

/** An engine that answers: this thread's own, or another process's. */
export interface EngineBackend {
  readonly role: 'owner' | 'guest';
  serve(transport: Transport): void;
  /** Resolves when it answers no more. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

export interface KeepEngineOptions {
  /** Null: another process has the sampling and cannot be reached yet. */
  readonly openBackend: () => Promise<EngineBackend | null>;
  readonly onConnected: (role: EngineBackend['role']) => void;
  readonly onLost: (problem: WireError | null) => void;
  readonly onBug: (error: unknown) => void;
  /** Resolves early when the signal aborts. */
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly monotonicMs: () => number;
}

export interface EngineKeeper {
  /** Gives the transport to the engine there is; closes it where there is none. */
  serve(transport: Transport): void;
  close(): Promise<void>;
}

const retryDelaysMs = [100, 250, 500, 1000, 2000, 4000] as const;
/** As long as another process may take from claiming the sampling to answering. */
const patienceMs = 6000;

/** Keeps one engine at hand: the first to claim the sampling has it, the others are its guests, and one of them takes over when it is gone. */
export function keepEngine(options: KeepEngineOptions): EngineKeeper {
  const stop = new AbortController();
  const sessions = new Set<Transport>();
  let backend: EngineBackend | null = null;
  /** What was last said to be wrong: '' that nobody answers, null nothing. */
  let toldCode: string | null = null;

  function lose(problem: WireError | null): void {
    backend = null;
    for (const session of [...sessions]) session.close();
    sessions.clear();
    const code = problem?.code ?? '';
    if (code !== toldCode) options.onLost(problem);
    toldCode = code;
  }

  async function tryOpen(): Promise<{ readonly backend: EngineBackend | null; readonly problem: WireError | null }> {
    try {
      return { backend: await options.openBackend(), problem: null };
    } catch (error) {
      const problem = wireErrorFrom(error);
      if (problem.code === 'internal') options.onBug(error);
      return { backend: null, problem };
    }
  }

  async function keep(): Promise<void> {
    let tries = 0;
    let sinceMs = options.monotonicMs();
    while (!stop.signal.aborted) {
      const opened = await tryOpen();
      if (stop.signal.aborted) return opened.backend?.close();
      if (opened.backend === null) {
        if (opened.problem !== null || options.monotonicMs() - sinceMs > patienceMs) lose(opened.problem);
        await options.sleep(retryDelaysMs[Math.min(tries, retryDelaysMs.length - 1)] ?? 0, stop.signal);
        tries += 1;
        continue;
      }
      backend = opened.backend;
      tries = 0;
      toldCode = null;
      options.onConnected(backend.role);
      await Promise.race([backend.ended, aborted(stop.signal)]);
      const ended = backend;
      if (!stop.signal.aborted) lose(null);
      await ended.close();
      sinceMs = options.monotonicMs();
    }
  }

  const keeping = keep();
  return {
    serve(transport) {
      if (backend === null) return transport.close();
      sessions.add(transport);
      transport.onClose(() => sessions.delete(transport));
      backend.serve(transport);
    },
    async close() {
      stop.abort();
      await keeping;
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
