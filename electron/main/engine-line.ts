import { engineContract, engineDescriptionSchema } from '../../shared/contract/engine-contract.ts';
import type { WireError } from '../../shared/contract/errors.ts';
import { createEmitter, type Transport } from '../../shared/contract/transport.ts';
import { type WireMessage, wireMessageSchema } from '../../shared/contract/wire.ts';

/**
 * A session with the engine that outlives the engine behind it: while there is none its requests are answered with the reason, and once there is one
 * again its user hears `engine.changed`.
 */
export interface EngineLine {
  readonly transport: Transport;
  plug(port: Transport): void;
  unplug(problem: WireError): void;
}

/** Of the line's own request; a client's start at 1. */
const ownRequestId = 0;
const mostQueued = 256;

export function createEngineLine(onDropped: () => void, onClosed: () => void): EngineLine {
  const messages = createEmitter<unknown>();
  const closings = createEmitter<void>();
  const unanswered = new Set<number>();
  let port: Transport | null = null;
  let problem: WireError | null = null;
  let wasPlugged = false;
  let isClosed = false;
  let queue: WireMessage[] = [];

  function refuse(id: number, error: WireError): void {
    messages.emit({ kind: 'error', contract: engineContract.name, id, error } satisfies WireMessage);
  }

  function receive(message: unknown): void {
    const { kind, id, result } = message as { kind?: unknown; id?: unknown; result?: unknown };
    if (kind === 'result' || kind === 'error') {
      unanswered.delete(Number(id));
      if (id === ownRequestId) tellOfChange(result);
    }
    if (id !== ownRequestId) messages.emit(message);
  }

  function tellOfChange(result: unknown): void {
    const description = engineDescriptionSchema.safeParse(result);
    if (!description.success) return;
    const event: WireMessage = {
      kind: 'event',
      contract: engineContract.name,
      name: 'engine.changed',
      payload: description.data,
    };
    messages.emit(event);
  }

  function forward(to: Transport, message: WireMessage): void {
    if (message.kind === 'request') unanswered.add(message.id);
    to.send(message);
  }

  function drop(from: Transport, error: WireError): void {
    if (port !== from) return;
    port = null;
    problem = error;
    const ids = [...unanswered];
    unanswered.clear();
    for (const id of ids) refuse(id, error);
  }

  return {
    transport: {
      send(raw) {
        const message = wireMessageSchema.safeParse(raw);
        if (isClosed || !message.success) return;
        if (port !== null) forward(port, message.data);
        else if (problem === null && queue.length < mostQueued) queue.push(message.data);
        else if (message.data.kind === 'request') refuse(message.data.id, problem ?? notAnswering);
      },
      onMessage: messages.on,
      onClose: closings.on,
      close() {
        if (isClosed) return;
        isClosed = true;
        port?.close();
        port = null;
        closings.emit();
        onClosed();
      },
    },
    plug(next) {
      const before = port;
      port = next;
      before?.close();
      next.onMessage((message) => {
        if (port === next) receive(message);
      });
      next.onClose(() => {
        if (port !== next) return;
        drop(next, notAnswering);
        onDropped();
      });
      const waiting = queue;
      queue = [];
      for (const message of waiting) forward(next, message);
      const { name } = engineContract;
      if (wasPlugged)
        next.send({ kind: 'request', contract: name, id: ownRequestId, name: 'engine.describe', payload: {} });
      wasPlugged = true;
    },
    unplug(error) {
      problem = error;
      const waiting = queue;
      queue = [];
      for (const message of waiting) if (message.kind === 'request') refuse(message.id, error);
      if (port === null) return;
      const before = port;
      drop(before, error);
      before.close();
    },
  };
}

export const notAnswering: WireError = { code: 'engine/unreachable', message: 'The engine does not answer.' };
