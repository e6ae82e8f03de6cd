import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleDefinitions } from './registry.ts';
import { paramsSchema, sampleAt } from './rule.ts';

const ratio = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));
const amount = fc.option(fc.double({ min: 0, max: 1000, noNaN: true }));
const arbitrarySample = fc.record({
  powerWatts: amount,
  limitWatts: amount,
  temperatureCelsius: amount,
  memoryUsedBytes: amount,
  memoryTotalBytes: amount,
  utilizationRatio: ratio,
  throttleReasons: fc.option(fc.array(fc.constantFrom('thermal', 'power cap'), { maxLength: 2 })),
  heldBytes: amount,
  presence: fc.constantFrom('read', 'lost', 'blind', 'asleep', null),
  silentSeconds: amount,
  isAlive: fc.option(fc.boolean()),
});

it('has no two kinds of one name', () => {
  const kinds = ruleDefinitions.map(({ descriptor }) => descriptor.kind);
  expect(new Set(kinds).size).toBe(kinds.length);
});

describe.each(ruleDefinitions.map((definition) => [definition.descriptor.kind, definition] as const))(
  '%s',
  (_, definition) => {
    const { descriptor } = definition;

    it('has defaults that its own form takes, in every scope', () => {
      for (const scope of descriptor.scopes) {
        const params = paramsSchema(descriptor, scope).parse({});
        for (const [, key = ''] of descriptor.nameTemplate.matchAll(/\{(\w+)\}/g)) expect(params).toHaveProperty(key);
        expect(descriptor.limitKey === null || typeof params[descriptor.limitKey] === 'number').toBe(true);
      }
      expect(descriptor.definition).not.toBe('');
    });

    it('never fires on nothing known, however long', () => {
      const params = paramsSchema(descriptor, descriptor.scopes[0] ?? '').parse({});
      let { initial: state } = definition;
      for (let second = 0; second < 5000; second += 10) {
        const step = definition.step(state, sampleAt(second * 1000), params);
        state = step.state;
        expect(step.phase).toBe('armed');
      }
    });

    it('leaves its state alone and gives the same again', () => {
      const params = paramsSchema(descriptor, descriptor.scopes[0] ?? '').parse({});
      fc.assert(
        fc.property(fc.array(arbitrarySample, { maxLength: 40 }), (samples) => {
          const run = () => {
            let state = structuredClone(definition.initial);
            return samples.map((known, i) => {
              const before = JSON.stringify(state);
              const step = definition.step(state, sampleAt(i * 10_000, known), params);
              expect(JSON.stringify(state)).toBe(before);
              state = step.state;
              return step.phase;
            });
          };
          expect(run()).toEqual(run());
        }),
        { numRuns: 30 },
      );
    });

    it('does not begin to fire in a second that tells nothing', () => {
      const params = paramsSchema(descriptor, descriptor.scopes[0] ?? '').parse({});
      fc.assert(
        fc.property(fc.array(fc.option(arbitrarySample), { maxLength: 60 }), (samples) => {
          let { initial: state } = definition;
          let before = 'armed';
          for (const [i, known] of samples.entries()) {
            const step = definition.step(state, sampleAt(i * 100_000, known ?? {}), params);
            if (known === null) expect(step.phase === 'firing' && before !== 'firing').toBe(false);
            before = step.phase;
            state = step.state;
          }
        }),
        { numRuns: 30 },
      );
    });
  },
);
