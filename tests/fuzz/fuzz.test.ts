import { describe, expect, it } from 'vitest';
import { fuzzSubjects, runOne } from './fuzz-subjects.ts';
import { findBreak } from './invariants.ts';
import { mostCharacters, mutate } from './mutate.ts';
import { createRandom } from './random.ts';
import { runFuzz } from './run-fuzz.ts';
import type { FuzzSubject } from './subject.ts';
import { subjects as every } from './subjects/registry.ts';

const subject = (run: FuzzSubject['run']): FuzzSubject => ({
  id: 'example',
  seeds: () => ['power.draw [W]\n98.14 W\n'],
  run,
});
const options = { seed: 'a', seconds: 10, mostInputs: 500, onInput: () => {} };

describe('the fuzzer', () => {
  it('makes the same inputs of the same seed, none of them too long, and few twice', () => {
    const inputs = (seed: string): readonly string[] =>
      Array.from({ length: 300 }, (_, number) =>
        mutate('GPU-1, 98.14 W\nGPU-2, [N/A]\n', createRandom(`${seed}/${number}`)),
      );
    expect(inputs('a')).toEqual(inputs('a'));
    expect(inputs('a')).not.toEqual(inputs('b'));
    expect(Math.max(...inputs('a').map((text) => text.length))).toBeLessThanOrEqual(mostCharacters);
    expect(new Set(inputs('a')).size).toBeGreaterThan(250);
  });

  it.each([
    ['an error', () => JSON.parse('{'), /SyntaxError/],
    ['a number that is none', (text: string) => ({ watts: Number(text) }), /\.watts is NaN/],
    ['power below zero', () => [{ powerWatts: -1 }], /\.0\.powerWatts is -1, below zero/],
    [
      'more values than the input has room for',
      (text: string) => new Array(2000 + 70 * text.length).fill(null),
      /values from/,
    ],
    ['a text that grows', (text: string) => 'x'.repeat(5000 + 70 * text.length), /characters or more from/],
    [
      'slowness',
      () => {
        const startedMicroseconds = process.threadCpuUsage().user;
        // Microseconds of the processor, not of the clock: 110 ms.
        while (process.threadCpuUsage().user - startedMicroseconds < 110_000);
      },
      /ms for \d+ characters/,
    ],
  ])(
    'finds %s, and names an input that shows it again',
    (_, run, what) => {
      const { failures, subjects } = fuzzSubjects([subject(run)], options);
      const [failure] = failures;
      expect(failure?.what).toMatch(what);
      expect(
        runOne(subject(run), ['power.draw [W]\n98.14 W\n'], { seed: 'a', number: failure?.number ?? -1 }).what,
      ).toMatch(what);
      // Three of a kind are enough.
      expect(failures.length).toBeLessThanOrEqual(3);
      expect(subjects).toHaveLength(1);
    },
    30_000,
  );

  it('finds nothing in what keeps the rules', () => {
    const { failures, subjects } = fuzzSubjects([subject((text) => text.length)], options);
    expect(failures).toEqual([]);
    expect(subjects[0]?.inputs).toBe(500);
  });

  it('sees into maps, sets and lists', () => {
    expect(findBreak(new Map([['powerWatts', -1]]), 10)).toBe('.powerWatts is -1, below zero');
    expect(findBreak(new Set([Number.NaN]), 10)).toBe('.0 is NaN');
    expect(findBreak({ temperatureCelsius: -40, list: [{ ratio: null }] }, 10)).toBeNull();
  });
});

describe('every parser of outside text', () => {
  it('has an id of its own', () => expect(new Set(every.map(({ id }) => id)).size).toBe(every.length));

  // The first seed is fixed; the second is another one every time, and is in the failure's words.
  it.each(['1', String(Date.now())])(
    'survives mutated captures for eight seconds, seed %s',
    async (seed) => {
      const ids = every.map(({ id }) => id);
      const { subjects, failures } = await runFuzz({ seed, seconds: 8, mostInputs: 1_000_000, ids });
      expect(
        failures.map(
          ({ subject: id, number, what }) =>
            `${what}: npm run fuzz -- --seed ${seed} --only '${id}' --number ${number}`,
        ),
      ).toEqual([]);
      expect(subjects.filter(({ inputs }) => inputs === 0)).toEqual([]);
    },
    60_000,
  );
});
