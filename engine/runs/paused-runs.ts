import { z } from 'zod';
import type { LearnedFacts } from '../sources/source.ts';

const pausedKey = 'runs.paused';

/** Ids of the runs whose processes Wattrun holds, kept from one engine to the next. */
export const readPausedRuns = (learned: Pick<LearnedFacts, 'read'>): ReadonlySet<string> =>
  new Set(z.array(z.string()).catch([]).parse(learned.read(pausedKey)));

export const writePausedRuns = (learned: Pick<LearnedFacts, 'write'>, runIds: ReadonlySet<string>): void =>
  learned.write(pausedKey, [...runIds]);
