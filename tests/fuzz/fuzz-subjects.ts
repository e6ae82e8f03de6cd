import { findBreak } from './invariants.ts';
import { mutate } from './mutate.ts';
import { createRandom } from './random.ts';
import type { FuzzSubject } from './subject.ts';

export interface FuzzFailure {
  readonly subject: string;
  /** With the seed it makes the same input again: `npm run fuzz -- --seed S --only SUBJECT --number N`. */
  readonly number: number;
  readonly what: string;
  /** Beginning of the input, as JSON. */
  readonly input: string;
}

export interface SubjectReport {
  readonly id: string;
  readonly inputs: number;
  readonly characters: number;
  readonly seconds: number;
  readonly slowestMs: number;
}

export interface FuzzReport {
  readonly subjects: readonly SubjectReport[];
  readonly failures: readonly FuzzFailure[];
}

export interface FuzzOptions {
  readonly seed: string;
  /** Ends with whichever comes first. */
  readonly seconds: number;
  readonly mostInputs: number;
  /** Called before each input with the subject's place and the input's number: whoever watches knows what hangs. */
  readonly onInput: (place: number, number: number) => void;
}

/** More processor time than this for at most 64 KiB, three times over, is a failure: what is quadratic takes seconds, and a processor that others use too takes three times as long. */
const mostMs = 100;
const sliceMs = 100;
const sliceInputs = 250;
const mostFailuresEach = 3;

interface Running {
  readonly subject: FuzzSubject;
  readonly seeds: readonly string[];
  readonly failures: FuzzFailure[];
  inputs: number;
  characters: number;
  milliseconds: number;
  slowestMs: number;
}

/** Mutated inputs through every subject in turn, in slices: a slow parser gets fewer. Subjects and seeds alone decide what input N is. */
export function fuzzSubjects(subjects: readonly FuzzSubject[], options: FuzzOptions): FuzzReport {
  const running = subjects.map(
    (subject): Running => ({
      subject,
      seeds: subject.seeds(),
      failures: [],
      inputs: 0,
      characters: 0,
      milliseconds: 0,
      slowestMs: 0,
    }),
  );
  const startedMs = performance.now();
  const isOver = (): boolean =>
    performance.now() - startedMs >= options.seconds * 1000 ||
    running.reduce((sum, one) => sum + one.inputs, 0) >= options.mostInputs;
  while (!isOver() && running.some(isGoingOn))
    for (const [place, one] of running.entries()) if (isGoingOn(one)) runSlice(one, place, options);
  return {
    subjects: running.map((one) => ({
      id: one.subject.id,
      inputs: one.inputs,
      characters: one.characters,
      seconds: one.milliseconds / 1000,
      slowestMs: one.slowestMs,
    })),
    failures: running.flatMap((one) => one.failures),
  };
}

const isGoingOn = (one: Running): boolean => one.failures.length < mostFailuresEach;

function runSlice(one: Running, place: number, options: FuzzOptions): void {
  const startedMs = performance.now();
  for (let i = 0; i < sliceInputs && isGoingOn(one) && performance.now() - startedMs < sliceMs; i += 1) {
    options.onInput(place, one.inputs);
    const { what, input, milliseconds } = runOne(one.subject, one.seeds, { seed: options.seed, number: one.inputs });
    if (what !== null)
      one.failures.push({
        subject: one.subject.id,
        number: one.inputs,
        what,
        input: JSON.stringify(input.slice(0, 300)).slice(0, 300),
      });
    one.inputs += 1;
    one.characters += input.length;
    one.slowestMs = Math.max(one.slowestMs, milliseconds);
  }
  one.milliseconds += performance.now() - startedMs;
}

/** One input through one subject; `what` is null where all is well. */
export function runOne(
  subject: FuzzSubject,
  seeds: readonly string[],
  which: { readonly seed: string; readonly number: number },
): { readonly what: string | null; readonly input: string; readonly milliseconds: number } {
  const words = `${which.seed}/${subject.id}/${which.number}`;
  const random = createRandom(words);
  const input = mutate(random.pick(seeds, ''), random);
  let milliseconds = Number.POSITIVE_INFINITY;
  let result: unknown;
  // A collection of garbage makes anything slow once: only what is slow three times is slow.
  for (let left = 3; left > 0 && milliseconds > mostMs; left -= 1) {
    const startedMs = ownMs();
    try {
      result = subject.run(input, createRandom(`${words}/run`));
    } catch (error) {
      const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return { what, input, milliseconds: ownMs() - startedMs };
    }
    milliseconds = Math.min(milliseconds, ownMs() - startedMs);
  }
  const slow = milliseconds > mostMs ? `${Math.round(milliseconds)} ms for ${input.length} characters` : null;
  return { what: findBreak(result, input.length) ?? slow, input, milliseconds };
}

/** Processor time of this thread: a machine that is busy with other work makes no parser slow. */
function ownMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
