import { setTimeout as delay } from 'node:timers/promises';
import { MessagePort, parentPort, workerData } from 'node:worker_threads';
import { keepEngine } from './keep-engine.ts';
import { messagePortTransport } from './message-port-transport.ts';
import { openBackend } from './open-backend.ts';
import { type FromWorker, type ToWorker, workerDataSchema } from './worker-messages.ts';

/** The engine's thread. */
function runEngineThread(main: MessagePort): void {
  const data = workerDataSchema.parse(workerData);
  const tell = (message: FromWorker): void => main.postMessage(message);
  const log = (message: string): void => tell({ kind: 'log', message });
  const keeper = keepEngine({
    openBackend: () => openBackend(data, log),
    onConnected: (role) => tell({ kind: 'connected', role }),
    onLost: (problem) => tell({ kind: 'lost', problem }),
    onBug: (error) => log(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    sleep: (delayMs, signal) => delay(delayMs, undefined, { signal }).catch(() => undefined),
    monotonicMs: () => performance.now(),
  });

  async function close(): Promise<void> {
    await keeper.close();
    tell({ kind: 'closed' });
  }

  main.on('message', (message: ToWorker) => {
    if (message.kind === 'close') return void close();
    if (message.port instanceof MessagePort) keeper.serve(messagePortTransport(message.port));
  });
}

if (parentPort === null) throw new Error('This file runs as a worker thread.');
runEngineThread(parentPort);
