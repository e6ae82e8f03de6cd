import type { WireError } from '../../shared/contract/errors.ts';
import { createEmitter, type Transport } from '../../shared/contract/transport.ts';
import { createEngineLine, type EngineLine, notAnswering } from './engine-line.ts';
import { fromWorkerSchema, type ToWorker } from './worker-messages.ts';

/** A thread with an engine in it. */
export interface EngineWorker {
  /** Opens a new session and gives this end of it. */
  openPort(): Transport;
  send(message: ToWorker & { readonly kind: 'close' }): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Once, with the reason; also after `terminate`. */
  onExit(listener: (why: string) => void): void;
  terminate(): void;
}

export interface EngineLinkOptions {
  readonly startWorker: () => EngineWorker;
  readonly log: (message: string) => void;
  readonly restartDelaysMs?: readonly number[];
  readonly replugDelayMs?: number;
  readonly closeLimitMs?: number;
}

/** The way to the engine, wherever it is: sessions over it outlive a lost engine and a crashed thread. */
export interface EngineLink {
  /** A new session; it may be opened, and spoken to, before any engine answers. */
  open(): Transport;
  isConnected(): boolean;
  onConnected(listener: (isConnected: boolean) => void): () => void;
  /** Ends the engine in an orderly way, within a limit. */
  close(): Promise<void>;
}

const defaults = { restartDelaysMs: [200, 1000, 2000, 5000, 10_000], replugDelayMs: 500, closeLimitMs: 5000 } as const;

export function createEngineLink(options: EngineLinkOptions): EngineLink {
  const { restartDelaysMs, replugDelayMs, closeLimitMs } = { ...defaults, ...options };
  const lines = new Set<EngineLine>();
  const connections = createEmitter<boolean>();
  const timers = new Set<NodeJS.Timeout>();
  let state: { readonly kind: 'starting' | 'connected' } | { readonly kind: 'lost'; readonly problem: WireError } = {
    kind: 'starting',
  };
  let worker: EngineWorker | null = null;
  let crashes = 0;
  let closing: { readonly resolve: () => void } | null = null;

  function later(delayMs: number, act: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, delayMs);
    timers.add(timer);
  }

  function plug(line: EngineLine): void {
    if (worker !== null && lines.has(line)) line.plug(worker.openPort());
  }

  function connect(): void {
    const wasConnected = state.kind === 'connected';
    state = { kind: 'connected' };
    for (const line of lines) plug(line);
    if (!wasConnected) connections.emit(true);
  }

  function lose(problem: WireError): void {
    const wasConnected = state.kind !== 'lost';
    state = { kind: 'lost', problem };
    for (const line of lines) line.unplug(problem);
    if (wasConnected) connections.emit(false);
  }

  function start(): void {
    const started = options.startWorker();
    worker = started;
    started.onMessage((raw) => {
      const message = fromWorkerSchema.parse(raw);
      switch (message.kind) {
        case 'connected':
          crashes = 0;
          options.log(message.role === 'owner' ? 'engine: measuring here' : 'engine: measured by another process');
          return connect();
        case 'lost':
          options.log(`engine: not answering${message.problem === null ? '' : ` (${message.problem.message})`}`);
          return lose(message.problem ?? notAnswering);
        case 'log':
          return options.log(message.message);
        case 'closed':
          return started.terminate();
      }
    });
    started.onExit((why) => {
      if (worker !== started) return;
      worker = null;
      if (closing !== null) return closing.resolve();
      const delayMs = restartDelaysMs[Math.min(crashes, restartDelaysMs.length - 1)] ?? 0;
      crashes += 1;
      options.log(`engine: its thread ended (${why}); starting it again in ${delayMs} ms`);
      lose(notAnswering);
      later(delayMs, start);
    });
  }

  start();
  return {
    open() {
      const line: EngineLine = createEngineLine(
        () => later(replugDelayMs, () => state.kind === 'connected' && plug(line)),
        () => lines.delete(line),
      );
      lines.add(line);
      if (state.kind === 'connected') plug(line);
      else if (state.kind === 'lost') line.unplug(state.problem);
      return line.transport;
    },
    isConnected: () => state.kind === 'connected',
    onConnected: connections.on,
    async close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      if (closing !== null) return;
      const ended = new Promise<void>((resolve) => {
        closing = { resolve };
      });
      if (worker === null) return;
      worker.send({ kind: 'close' });
      later(closeLimitMs, () => worker?.terminate());
      await ended;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
