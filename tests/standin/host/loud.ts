import { EventEmitter } from 'node:events';

/**
 * The same object, except that reading a member it does not have throws instead of giving `undefined`: an app that
 * uses more of Electron than the stand-in has must notice. Self-contained: its source text also runs in pages.
 */
export function loud<T extends object>(name: string, target: T): T {
  // Asked for by `await`, JSON, consoles and test runners of every object they meet.
  const askedOfAnyObject = new Set([
    'then',
    'toJSON',
    'inspect',
    'constructor',
    'asymmetricMatch',
    'nodeType',
    '$$typeof',
  ]);
  return new Proxy(target, {
    get(object, key, receiver) {
      if (typeof key === 'symbol' || key in object || askedOfAnyObject.has(key))
        return Reflect.get(object, key, receiver);
      throw new Error(`${name}.${key} is not in the stand-in for Electron`);
    },
  });
}

type Listener = (...args: unknown[]) => void;

/** An emitter that refuses a listener for an event it does not know, because that listener would never run. */
export class LoudEmitter extends EventEmitter {
  private readonly emitterName: string;
  private readonly knownEvents: ReadonlySet<string>;

  constructor(emitterName: string, knownEvents: readonly string[]) {
    super();
    this.emitterName = emitterName;
    this.knownEvents = new Set(['error', 'newListener', 'removeListener', ...knownEvents]);
  }

  override on(event: string | symbol, listener: Listener): this {
    this.refuseUnknown(event);
    return super.on(event, listener);
  }

  override addListener(event: string | symbol, listener: Listener): this {
    this.refuseUnknown(event);
    return super.addListener(event, listener);
  }

  private refuseUnknown(event: string | symbol): void {
    if (typeof event === 'symbol' || this.knownEvents.has(event)) return;
    throw new Error(`${this.emitterName} event '${event}' is not in the stand-in for Electron`);
  }
}

export interface PreventableEvent {
  readonly defaultPrevented: boolean;
  preventDefault(): void;
}

export function createPreventableEvent(): PreventableEvent {
  let isPrevented = false;
  return {
    get defaultPrevented() {
      return isPrevented;
    },
    preventDefault() {
      isPrevented = true;
    },
  };
}
