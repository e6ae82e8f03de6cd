export interface BridgeEnd {
  /** Puts `api` on the page's window, as contextBridge does: functions, promises and thrown errors cross over. */
  expose(key: string, api: unknown): void;
  /** Tells the other end something without an answer. */
  tell(topic: string, value: unknown): void;
  onTold(topic: string, listener: (value: unknown) => void): void;
}

/**
 * One end of the bridge between the page's world and the preload's. Both worlds share the DOM and nothing else, so
 * messages are CustomEvents: Chromium clones `detail` from world to world and dispatches synchronously, hence a call
 * can return a value. It keeps the worlds apart for honest code only; a page could send such events itself.
 * Self-contained: its source text runs in pages.
 */
export function createBridgeEnd(side: 'page' | 'preload'): BridgeEnd {
  type Callable = (...args: unknown[]) => unknown;
  type Message = {
    readonly kind: string;
    readonly id: number;
    readonly value?: unknown;
    readonly fn?: number;
    readonly name?: string;
  };
  type Outcome = { readonly ok: boolean; readonly value: unknown };

  const MARK = '$standin';
  const other = side === 'page' ? 'preload' : 'page';
  const functions: Callable[] = [];
  const outcomes = new Map<number, Outcome>();
  const promises = new Map<number, { resolve(value: unknown): void; reject(reason: unknown): void }>();
  const toldListeners = new Map<string, (value: unknown) => void>();
  let lastId = 0;

  const post = (message: Message): void => {
    window.dispatchEvent(new CustomEvent(`standin-bridge:${other}`, { detail: message }));
  };

  function packPromise(promise: Promise<unknown>): unknown {
    lastId += 1;
    const id = lastId;
    promise.then(
      (value) => post({ kind: 'fulfilled', id, value: pack(value) }),
      (reason: unknown) => post({ kind: 'rejected', id, value: pack(reason) }),
    );
    return { [MARK]: 'promise', id };
  }

  function pack(value: unknown): unknown {
    if (typeof value === 'function') return { [MARK]: 'function', id: functions.push(value as Callable) - 1 };
    if (typeof value === 'symbol') throw new TypeError('a symbol cannot cross the context bridge');
    if (typeof value !== 'object' || value === null) return value;
    if (value instanceof Promise) return packPromise(value);
    if (value instanceof Error) return { [MARK]: 'error', name: value.name, message: value.message };
    if (Array.isArray(value)) return value.map(pack);
    if (Object.prototype.toString.call(value) !== '[object Object]') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pack(item)]));
  }

  function unpackMarked(marked: Readonly<Record<string, unknown>>): unknown {
    const id = Number(marked.id);
    if (marked[MARK] === 'function')
      return (...args: unknown[]) => call({ kind: 'call', id: 0, fn: id, value: args.map(pack) });
    if (marked[MARK] === 'promise') return new Promise((resolve, reject) => promises.set(id, { resolve, reject }));
    const error = new Error(String(marked.message));
    error.name = String(marked.name);
    return error;
  }

  function unpack(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(unpack);
    if (Object.prototype.toString.call(value) !== '[object Object]') return value;
    if (MARK in value) return unpackMarked(value as Readonly<Record<string, unknown>>);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unpack(item)]));
  }

  /** Sends and takes the outcome that the other end has sent back by the time dispatching returns. */
  function call(message: Message): unknown {
    lastId += 1;
    const id = lastId;
    post({ ...message, id });
    const outcome = outcomes.get(id);
    outcomes.delete(id);
    if (outcome === undefined) throw new Error('the other end of the context bridge is gone');
    if (!outcome.ok) throw outcome.value;
    return outcome.value;
  }

  function answer(id: number, work: () => unknown): void {
    try {
      post({ kind: 'returned', id, value: pack(work()) });
    } catch (error) {
      post({ kind: 'threw', id, value: pack(error) });
    }
  }

  function deepFreeze(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    for (const item of Object.values(value)) deepFreeze(item);
    return Object.freeze(value);
  }

  function putOnWindow(key: string, api: unknown): void {
    if (key in window)
      throw new Error(`Cannot bind an API on top of an existing property on the window object: ${key}`);
    Object.defineProperty(window, key, { value: deepFreeze(api), enumerable: true });
  }

  const receivers: Readonly<Record<string, (message: Message) => void>> = {
    call: ({ id, fn, value }) => answer(id, () => functions[fn ?? -1]?.(...(value as unknown[]).map(unpack))),
    expose: ({ id, name, value }) => answer(id, () => putOnWindow(name ?? '', unpack(value))),
    returned: ({ id, value }) => outcomes.set(id, { ok: true, value: unpack(value) }),
    threw: ({ id, value }) => outcomes.set(id, { ok: false, value: unpack(value) }),
    fulfilled: ({ id, value }) => promises.get(id)?.resolve(unpack(value)),
    rejected: ({ id, value }) => promises.get(id)?.reject(unpack(value)),
    tell: ({ name, value }) => toldListeners.get(name ?? '')?.(unpack(value)),
  };
  window.addEventListener(`standin-bridge:${side}`, (event) => {
    const message = (event as CustomEvent<Message>).detail;
    receivers[message.kind]?.(message);
  });

  return {
    expose: (key, api) => void call({ kind: 'expose', id: 0, name: key, value: pack(api) }),
    tell: (topic, value) => post({ kind: 'tell', id: 0, name: topic, value: pack(value) }),
    onTold: (topic, listener) => toldListeners.set(topic, listener),
  };
}
