import type { Clock } from '../../clock/clock.ts';
import { answeredMs, slowAnswerMs } from '../answer-time.ts';
import type { Getter, NvmlResult } from './nvml-api.ts';

/** An answer that is there, or is to come: most are there, and are no promise, for ten of each of eight GPUs a second are worth the distinction. */
export type Asked<T> = T | Promise<T>;

/** What comes of an answer, at once where it is there. */
export const whenAsked = <T, R>(asked: Asked<T>, then: (answer: T) => Asked<R>): Asked<R> =>
  asked instanceof Promise ? asked.then(then) : then(asked);

/** For this long after an answer a device is taken to be alive, and may be asked on this thread. */
const trustMs = 20;
/** A function that took longer than this is asked on a pool thread from then on, until it is quick again. */
const quickMs = 2;
/** After this much of the thread's time has gone into calls, others get a turn. */
const turnMs = 4;

/** Time that this source's calls have held the thread since others last had a turn. Shared by all devices. */
export interface Turn {
  spentMs: number;
  /** The newest call that held the thread for so long that readings are missing: for how long, and until when. Null: none did. */
  held: { readonly forMs: number; readonly untilMs: number } | null;
}

export const createTurn = (): Turn => ({ spentMs: 0, held: null });

/** An answer and its moment, between two looks at the clock that are both beside the call itself. */
export interface Timed<T> {
  readonly result: NvmlResult<T>;
  readonly atMs: number;
}

/** Asks one device. */
export interface Asker {
  ask<A extends readonly unknown[], T>(getter: Getter<A, T>, ...args: A): Asked<NvmlResult<T>>;
  askTimed<A extends readonly unknown[], T>(getter: Getter<A, T>, ...args: A): Asked<Timed<T>>;
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
  const isAliveAt = (nowMs: number): boolean => nowMs - answeredAtMs <= trustMs;

  const isQuick = (getter: object): boolean => (lastTookMs.get(getter) ?? Number.POSITIVE_INFINITY) <= quickMs;

  function note<T>(getter: object, result: NvmlResult<T>, startedMs: number): Timed<T> {
    answeredAtMs = clock.monotonicMs();
    const tookMs = answeredAtMs - startedMs;
    lastTookMs.set(getter, tookMs);
    return { result, atMs: answeredMs(startedMs, answeredAtMs) };
  }

  function askNow<A extends readonly unknown[], T>(getter: Getter<A, T>, args: A, startedMs: number): Timed<T> {
    const timed = note(getter, getter.now(...args), startedMs);
    const tookMs = answeredAtMs - startedMs;
    turn.spentMs += tookMs;
    if (tookMs > slowAnswerMs) turn.held = { forMs: tookMs, untilMs: answeredAtMs };
    return timed;
  }

  async function askAfterTurn<A extends readonly unknown[], T>(getter: Getter<A, T>, args: A): Promise<Timed<T>> {
    await new Promise((resolve) => setImmediate(resolve));
    turn.spentMs = 0;
    return askBy(getter, args);
  }

  function askBy<A extends readonly unknown[], T>(getter: Getter<A, T>, args: A): Asked<Timed<T>> {
    const startedMs = clock.monotonicMs();
    if (!getter.isPresent) return { result: getter.now(...args), atMs: startedMs };
    if (turn.spentMs > turnMs) return askAfterTurn(getter, args);
    if (isAliveAt(startedMs) && isQuick(getter)) return askNow(getter, args, startedMs);
    return getter.later(...args).then((result) => note(getter, result, startedMs));
  }

  return {
    askTimed: (getter, ...args) => askBy(getter, args),
    ask: (getter, ...args) => whenAsked(askBy(getter, args), resultOf),
    isAlive: () => isAliveAt(clock.monotonicMs()),
  };
}

/** Asks one question after another: at once as long as each is answered so. */
export function askEach<T extends readonly unknown[]>(questions: Questions<T>): Asked<T> {
  const answers: unknown[] = [];
  for (let i = 0; i < questions.length; i++) {
    const asked: Asked<unknown> = questions[i]?.();
    if (asked instanceof Promise) return askRest(questions, answers, asked) as Promise<T>;
    answers.push(asked);
  }
  return answers as unknown as T;
}

/** One for each answer, in its order. */
export type Questions<T extends readonly unknown[]> = { readonly [K in keyof T]: () => Asked<T[K]> };

async function askRest(
  questions: readonly (() => Asked<unknown>)[],
  answers: unknown[],
  asked: Promise<unknown>,
): Promise<unknown> {
  answers.push(await asked);
  for (const ask of questions.slice(answers.length)) answers.push(await ask());
  return answers;
}

const resultOf = <T>({ result }: Timed<T>): NvmlResult<T> => result;
