import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { AlertRuleInput, RulePreview } from '../../shared/model/alert.ts';
import { exampleTick } from '../../tests/examples.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { previewRule } from './rule-preview.ts';

const opened: Store[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

const periodMs = 10_000;
const dayMs = 24 * 3600 * 1000;

/** Half-minutes of 300 W where there is a 'X', of 100 W elsewhere, read each ten seconds from `startMs` on. */
function storeOf(halfMinutes: string, startMs: number): Store {
  const store = createSqliteStore({ path: ':memory:', nowMs: 0 });
  opened.push(store);
  for (const [index, sign] of [...halfMinutes].entries())
    writeHalfMinute(store, { sign, atMs: startMs + index * 3 * periodMs });
  return store;
}

function writeHalfMinute(store: Store, { sign, atMs }: { readonly sign: string; readonly atMs: number }): void {
  const powerWatts = sign === 'X' ? 300 : 100;
  for (let i = 1; i <= 3; i++) write(store, atMs + i * periodMs, powerWatts);
}

const write = (store: Store, atMs: number, powerWatts: number): void =>
  store.writeTick(
    exampleTick(atMs, {
      machine: { powerWatts, joules: powerWatts * 10, lowJoules: 0, highJoules: 0, seconds: 10 },
      samples: [],
    }),
  );

const above200 = (change: AlertRuleInput['params'] = {}): AlertRuleInput => ({
  kind: 'sustained-power',
  scope: { kind: 'machine' },
  params: { limitWatts: 200, holdSeconds: 60, clearSeconds: 30, ...change },
  level: 'warning',
  isEnabled: true,
});

const dayUpTo = (store: Store, toMs: number, input = above200()): RulePreview =>
  previewRule(store, [], { input, fromMs: toMs - dayMs, toMs, periodSeconds: 10 });

const firedAt = ({ firings }: RulePreview): readonly number[] => firings.map(({ firedAtMs }) => firedAtMs);

describe('when a rule would have fired', () => {
  it('is told from the means of the record', () => {
    // Over from 60 s to 180 s: the first point that is over ends at 90 s, and 60 s after it the hold is over. Clears 30 s after the point that ends at 210 s.
    const preview = dayUpTo(storeOf('..XXXX....', 0), 300_000);
    expect(preview).toMatchObject({
      pointSeconds: 30,
      firings: [{ target: 'machine', firedAtMs: 150_000, clearedAtMs: 240_000, value: 300 }],
    });
  });

  it('does not count a point that is not over: what follows may make it another one', () => {
    // 500 W for 10 s, then nothing for 20 s: the half minute is over the limit until it is whole, with a mean of 167 W.
    const store = storeOf('..XX', 0);
    write(store, 130_000, 500);
    expect(firedAt(dayUpTo(store, 130_000))).toEqual([]);
    for (const atMs of [140_000, 150_000]) write(store, atMs, 0);
    expect(firedAt(dayUpTo(store, 150_000))).toEqual([]);
    write(store, 160_000, 0);
    expect(firedAt(dayUpTo(store, 160_000))).toEqual([]);
  });

  it('does not count what fired before the day and goes on into it', () => {
    // Over for an hour; the day begins in the midst of it.
    const store = storeOf('.'.repeat(20) + 'X'.repeat(120) + '.'.repeat(20), 0);
    const beginMs = 40 * 60_000;
    expect(firedAt(dayUpTo(store, beginMs + dayMs))).toEqual([]);
    expect(firedAt(dayUpTo(store, dayMs))).toHaveLength(1);
  });

  it('waits as long as a hold of many hours asks for', () => {
    // Twelve hours over, a hold of eleven: it fires once, at the same moment for each day that it is in.
    const hours = (count: number): number => count * 120;
    const store = storeOf('.'.repeat(hours(12)) + 'X'.repeat(hours(12)) + '.'.repeat(hours(12)), 0);
    const rule = above200({ holdSeconds: 11 * 3600 });
    const ends = [24, 30, 36].map((hour) => dayUpTo(store, hour * 3600_000, rule));
    expect(new Set(ends.map((preview) => firedAt(preview).join(', '))).size).toBe(1);
    expect(ends[0]?.firings).toHaveLength(1);
  });

  it('is the same for every day that a moment is in: what is new only adds', () => {
    const signs = fc.array(fc.constantFrom('.', 'X', 'XX', 'XXXX', '...'), { minLength: 40, maxLength: 80 });
    fc.assert(
      fc.property(
        signs,
        fc.nat({ max: 29_999 }),
        fc.array(fc.nat({ max: 20 }), { maxLength: 12 }),
        (parts, offsetMs, steps) => {
          const text = parts.join('');
          const store = storeOf(text, offsetMs);
          const endMs = offsetMs + text.length * 30_000;
          // A day that ends somewhere in what was read, and days that end later, or that have lost their beginning.
          let toMs = endMs / 2;
          let before = dayUpTo(store, toMs);
          for (const step of [...steps, dayMs / 1000 - 300]) {
            toMs += step * 1000;
            const next = dayUpTo(store, toMs);
            const still = firedAt(before).filter((atMs) => atMs > next.fromMs);
            expect(firedAt(next).slice(0, still.length)).toEqual(still);
            before = next;
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
