import type { Random } from './random.ts';

/** Something that takes text from outside. */
export interface FuzzSubject {
  readonly id: string;
  /** Texts that it is made for. */
  readonly seeds: () => readonly string[];
  /** What it makes of a text; throws where a rule of its own is broken, or where it must not throw and does. */
  readonly run: (text: string, random: Random) => unknown;
}

/** For a rule of a subject that `findBreak` does not know. */
export class BrokenRule extends Error {}
