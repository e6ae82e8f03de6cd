import type { Contract, EventName, EventPayload, Payload, RequestName, Result } from './contract.ts';
import { errorFromWire, WattrunError } from './errors.ts';
import type { Transport } from './transport.ts';
import { wireMessageSchema } from './wire.ts';

export interface Client<C extends Contract> {
  request<K extends RequestName<C>>(name: K, payload: Payload<C, K>, options?: RequestOptions): Promise<Result<C, K>>;
  on<K extends EventName<C>>(name: K, listener: (payload: EventPayload<C, K>) => void): () => void;
  onClose(listener: () => void): () => void;
  close(): void;
}

export interface RequestOptions {
  readonly timeoutMs?: number;
}

interface Pending {
  readonly name: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: Timer;
}

/** The two functions every environment has; declared here because this folder knows neither Node nor the DOM. */
type Timer = unknown;
declare function setTimeout(callback: () => void, delayMs: number): Timer;
declare function clearTimeout(timer: Timer): void;

const defaultTimeoutMs = 15_000;

/** Speaks a contract over one transport. Everything that arrives is parsed; a wrong answer is an error, never a cast. */
export function connectContract<C extends Contract>(contract: C, transport: Transport): Client<C> {
  const pending = new Map<number, Pending>();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  let nextId = 1;
  let isClosed = false;

  function settle(id: number, finish: (entry: Pending) => void): void {
    const entry = pending.get(id);
    if (entry === undefined) return;
    pending.delete(id);
    clearTimeout(entry.timer);
    finish(entry);
  }

  function failAll(): void {
    isClosed = true;
    for (const id of [...pending.keys()])
      settle(id, (entry) => entry.reject(new WattrunError('contract/closed', 'The connection closed.')));
  }

  const stopMessages = transport.onMessage((raw) => {
    const message = wireMessageSchema.safeParse(raw);
    if (!message.success || message.data.contract !== contract.name) return;
    const data = message.data;
    switch (data.kind) {
      case 'result':
        return settle(data.id, (entry) => {
          const parsed = contract.requests[entry.name]?.result.safeParse(data.result);
          if (parsed?.success) entry.resolve(parsed.data);
          else
            entry.reject(
              new WattrunError('contract/invalid', `The answer to ${entry.name} has another shape than agreed.`),
            );
        });
      case 'error':
        return settle(data.id, (entry) => entry.reject(errorFromWire(data.error)));
      case 'event': {
        const parsed = contract.events[data.name]?.safeParse(data.payload);
        if (parsed?.success) for (const listener of listeners.get(data.name) ?? []) listener(parsed.data);
        return;
      }
      case 'request':
        return;
    }
  });
  const stopClose = transport.onClose(failAll);

  return {
    request(name, payload, options) {
      if (isClosed) return Promise.reject(new WattrunError('contract/closed', 'The connection is closed.'));
      return new Promise((resolve, reject) => {
        const id = nextId++;
        const timer = setTimeout(() => {
          settle(id, (entry) =>
            entry.reject(new WattrunError('contract/timeout', `${name} was not answered in time.`)),
          );
        }, options?.timeoutMs ?? defaultTimeoutMs);
        pending.set(id, { name, resolve: resolve as (result: unknown) => void, reject, timer });
        transport.send({ kind: 'request', contract: contract.name, id, name, payload });
      });
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set);
      set.add(listener as (payload: unknown) => void);
      return () => set.delete(listener as (payload: unknown) => void);
    },
    onClose: (listener) => transport.onClose(listener),
    close() {
      stopMessages();
      stopClose();
      failAll();
      transport.close();
    },
  };
}
