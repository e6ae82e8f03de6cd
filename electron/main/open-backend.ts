import { join } from 'node:path';
import { connectWebSocket } from '../../engine/http/web-socket-transport.ts';
import { type EngineOwner, openEngineOwner } from '../../engine/ownership/engine-owner.ts';
import { type EngineAddress, readAddress } from '../../engine/ownership/ownership.ts';
import type { Transport } from '../../shared/contract/transport.ts';
import type { EngineBackend } from './keep-engine.ts';
import type { WorkerData } from './worker-messages.ts';

const probeLimitMs = 4000;
const mostEarlyMessages = 256;

/** Becomes the engine of this user and machine, or a guest of the process that is; null where that one cannot be reached yet. */
export async function openBackend(data: WorkerData, log: (message: string) => void): Promise<EngineBackend | null> {
  const owner = await openEngineOwner({
    version: data.version,
    directory: data.directory,
    environment: process.env,
    // `wattrun serve` beside the app points here: the same pages, in a browser.
    uiDirectory: join(import.meta.dirname, '../renderer'),
    host: '127.0.0.1',
    port: 0,
    probeLimitMs,
    canDemo: true,
    log,
  });
  if (owner !== null) return ownBackend(owner);
  const address = readAddress(data.directory);
  if (address === null) return null;
  const watch = await connectWebSocket(address).catch(() => null);
  return watch === null ? null : guestBackend(address, watch);
}

function ownBackend(owner: EngineOwner): EngineBackend {
  return {
    role: 'owner',
    serve: owner.hub.serve,
    ended: new Promise(() => {}),
    close: owner.close,
  };
}

/** `watch` is open as long as the other process lives, and says when it does not. */
function guestBackend(address: EngineAddress, watch: Transport): EngineBackend {
  return {
    role: 'guest',
    serve: (port) => void pipeTo(address, port),
    ended: new Promise((resolve) => void watch.onClose(resolve)),
    close: async () => watch.close(),
  };
}

/** One connection a session, because each session may be in the demo or not. */
async function pipeTo(address: EngineAddress, port: Transport): Promise<void> {
  let send = (message: unknown): void => {
    if (early.push(message) > mostEarlyMessages) port.close();
  };
  const early: unknown[] = [];
  port.onMessage((message) => send(message));
  let isOpen = true;
  port.onClose(() => {
    isOpen = false;
  });
  const socket = await connectWebSocket(address).catch(() => null);
  if (socket === null) return port.close();
  if (!isOpen) return socket.close();
  port.onClose(() => socket.close());
  socket.onClose(() => port.close());
  socket.onMessage((message) => port.send(message));
  for (const message of early) socket.send(message);
  send = (message) => socket.send(message);
}
