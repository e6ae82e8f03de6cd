import { MessageChannel, Worker } from 'node:worker_threads';
import type { EngineWorker } from './engine-link.ts';
import { messagePortTransport } from './message-port-transport.ts';
import type { WorkerData } from './worker-messages.ts';

/** Starts the engine in a thread of its own, so that no reading, query or export ever holds up a window. */
export function startEngineThread(url: URL, workerData: WorkerData): EngineWorker {
  const worker = new Worker(url, { name: 'wattrun-engine', workerData });
  let why = 'it was ended';
  worker.on('error', (error) => {
    why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  });
  return {
    openPort() {
      const { port1, port2 } = new MessageChannel();
      worker.postMessage({ kind: 'open', port: port2 }, [port2]);
      return messagePortTransport(port1);
    },
    send: (message) => worker.postMessage(message),
    onMessage: (listener) => void worker.on('message', listener),
    onExit: (listener) => void worker.once('exit', () => listener(why)),
    terminate: () => void worker.terminate(),
  };
}
