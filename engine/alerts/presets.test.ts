import { describe, expect, it } from 'vitest';
import { exampleSimulatedGpu, openSimulatedWorld } from '../../tests/simulated-world.ts';
import { presetsFor } from './presets.ts';
import { sampleAt } from './rule.ts';

const samples = (count: number) =>
  new Map(Array.from({ length: count }, (_, index) => [`cpu:${index}`, sampleAt(0)] as const));
const namesAt = (machineWatts: number): readonly string[] =>
  presetsFor({ samples: samples(1), machineWatts, hasPrice: false, rules: [] }).map(({ name }) => name);
const lastReason = (count: number): string | undefined =>
  presetsFor({ samples: samples(count), machineWatts: null, hasPrice: false, rules: [] }).at(-1)?.reason;

describe('presets', () => {
  it('have limits of two digits and one, whatever the machine draws', () => {
    // 2.3 W × 1.25 = 2.875, up to two digits 2.9; 2.3 W × 720 h = 1.656 kWh, up to one digit 2.
    expect(namesAt(2.3).slice(0, 2)).toEqual(['Power above 2.9 W for 60 s', 'Budget 2 kWh (month)']);
    // 950 W × 1.25 = 1187.5; 950 W × 720 h = 684 kWh.
    expect(namesAt(950).slice(0, 2)).toEqual(['Power above 1200 W for 60 s', 'Budget 700 kWh (month)']);
  });

  it('count the parts that are read', () => {
    expect(lastReason(1)).toBe('1 part is read here.');
    expect(lastReason(2)).toBe('2 parts are read here.');
  });
});

it('what a second look found counts at once, with no rule in force', async () => {
  const rest = {
    utilizationRatio: 0.9,
    memoryUsedBytes: 1024 ** 3,
    clockMegahertz: 1500,
    throttleReasons: [],
  };
  const world = await openSimulatedWorld({
    gpus: [exampleSimulatedGpu({ stateAt: (seconds) => ({ ...rest, temperatureCelsius: seconds < 1.5 ? null : 60 }) })],
  });
  const ids = async (): Promise<readonly string[]> =>
    (await world.engine.handlers['alerts.presets']({})).presets.map(({ id }) => id);
  await world.goTo(1);
  expect(await ids()).not.toContain('gpu-temperature');
  await world.goTo(2);
  expect(await ids()).toContain('gpu-temperature');
  await world.engine.close();
});
