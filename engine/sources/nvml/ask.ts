import type { Clock } from '../../clock/clock.ts';
import type { Getter, NvmlResult } from './nvml-api.ts';

/** For this long after an answer a device is taken to be alive, and may be asked on this thread. */
const trustMs = 20;
/** A function that took longer than this is asked on a pool thread from then on, until it is quick again. */
const quickMs = 2;
/** After this much of the thread's time has gone into calls, others get a turn. */
const turnMs = 4;

/** Time that this source's calls have held the thread since others last had a turn. Shared by all devices. */
export interface Turn {
  spentMs: number;
}

/** A call that takes longer has waited for the driver, which answers from its end rather than from its middle. */
export const slowAnswerMs = 600;

/** The moment that an answer is of: the middle between two looks at the clock; of a call that waited for a driver that hung, its end. */
export const answeredMs = (startedMs: number, endedMs: number): number =>
  endedMs - startedMs > slowAnswerMs ? endedMs : (startedMs + endedMs) / 2;

/** An answer and its moment, between two looks at the clock that are both beside the call itself. */
export interface Timed<T> {
  readonly result: NvmlResult<T>;
  readonly atMs: number;
}

/** Asks one device. */
export interface Asker {
  ask<A extends readonly unknown[], T>(getter: Getter<A, T>, ...args: A): NvmlResult<T> | Promise<NvmlResult<T>>;
  askTimed<A extends readonly unknown[], T>(getter: Getter<A, T>, ...args: A): Timed<T> | Promise<Timed<T>>;
  /** The device answered a moment ago: the next quick call is made at once. */
  isAlive(): boolean;
}

/**
 * Asks a device in the way that costs least and cannot hang: on a pool thread (0.1 ms of overhead, and a hung driver holds that thread alone) where
 * the device has not answered within the last 20 ms or the function is a slow one, at once on this thread otherwise. So the first call of every round
 * is the canary, and the rest of the round costs microseconds. docs/decisions/0008-nvml-canary-then-at-once.md.
 */
export function createAsker(clock: Clock, turn: Turn): Asker {
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  const lastTookMs = new Map<object, number>();
  const isAlive = (): boolean => clock.monotonicMs() - answeredAtMs <= trustMs;

  const isQuick = (getter: object): boolean => (lastTookMs.get(getter) ?? Number.POSITIVE_INFINITY) <= quickMs;

  function note<T>(getter: object, result: NvmlResult<T>, startedMs: number): Timed<T> {
    answeredAtMs = clock.monotonicMs();
    const tookMs = answeredAtMs - startedMs;
    lastTookMs.set(getter, tookMs);
    return { result, atMs: answeredMs(startedMs, answeredAtMs) };
  }

  function askNow<A extends readonly unknown[], T>(getter: Getter<A, T>, args: A): Timed<T> {
    const startedMs = clock.monotonicMs();
    const timed = note(getter, getter.now(...args), startedMs);
    turn.spentMs += answeredAtMs - startedMs;
    return timed;
  }

  async function askInTurn<A extends readonly unknown[], T>(getter: Getter<A, T>, args: A): Promise<Timed<T>> {
    if (turn.spentMs > turnMs) {
      await new Promise((resolve) => setImmediate(resolve));
      turn.spentMs = 0;
    }
    if (isAlive() && isQuick(getter)) return askNow(getter, args);
    const startedMs = clock.monotonicMs();
    return note(getter, await getter.later(...args), startedMs);
  }

  /** Most calls are answered at once, and are no promise then: ten for each of eight GPUs a second are worth the distinction. */
  function askTimed<A extends readonly unknown[], T>(getter: Getter<A, T>, ...args: A): Timed<T> | Promise<Timed<T>> {
    if (!getter.isPresent) return { result: getter.now(...args), atMs: clock.monotonicMs() };
    return turn.spentMs <= turnMs && isAlive() && isQuick(getter) ? askNow(getter, args) : askInTurn(getter, args);
  }

  return {
    askTimed,
    ask(getter, ...args) {
      const timed = askTimed(getter, ...args);
      return timed instanceof Promise ? timed.then(({ result }) => result) : timed.result;
    },
    isAlive,
  };
}
