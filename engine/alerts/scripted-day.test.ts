import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AlertLogEntry, AlertRuleInput } from '../../shared/model/alert.ts';
import {
  exampleGpuProcess,
  exampleProcess,
  exampleSimulatedGpu,
  openSimulatedWorld,
  type SimulatedWorld,
  simulatedGpuId,
} from '../../tests/simulated-world.ts';

let world: SimulatedWorld;
// A sampler waits for a driver by its own timers: they go on at once.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(async () => {
  vi.useRealTimers();
  await world.engine.close();
});

const gibibyte = 1024 ** 3;
/** Hot and full from 40 to 60, throttled from 70 to 90, at rest from 100 on. */
const stateAt = (seconds: number) => ({
  utilizationRatio: seconds < 100 ? 0.9 : 0,
  memoryUsedBytes: (seconds >= 40 && seconds < 60 ? 79 : 40) * gibibyte,
  temperatureCelsius: seconds >= 40 && seconds < 60 ? 90 : 60,
  clockMegahertz: 1500,
  throttleReasons: seconds >= 70 && seconds < 90 ? ['thermal'] : [],
});

const rule = (kind: string, scope: AlertRuleInput['scope'], params: AlertRuleInput['params']): AlertRuleInput => ({
  kind,
  scope,
  params,
  level: 'warning',
  isEnabled: true,
});
const gpu = { kind: 'any-gpu' } as const;
const run = { kind: 'any-run' } as const;

it('a scripted day: each rule fires and clears when its definition says, once', async () => {
  world = await openSimulatedWorld({
    gpus: [
      exampleSimulatedGpu({
        memoryTotalBytes: 80 * gibibyte,
        stateAt,
        processes: [
          // Its share is of the second before a reading: at 99 a little, at 100 none.
          exampleGpuProcess({ pid: 11, toSeconds: 98.9 }),
          exampleGpuProcess({ pid: 11, fromSeconds: 98.9, smRatio: 0 }),
        ],
      }),
    ],
    processes: [exampleProcess({ pid: 11 })],
    faults: [
      { kind: 'lost', domainId: simulatedGpuId, fromSeconds: 200, toSeconds: 220 },
      { kind: 'failed-read', domainId: simulatedGpuId, fromSeconds: 240, toSeconds: 260 },
    ],
    async around(tick) {
      await vi.advanceTimersByTimeAsync(1000);
      await tick;
    },
  });
  const { handlers } = world.engine;
  const rules = [
    rule('temperature', gpu, { limitCelsius: 85, holdSeconds: 5, clearSeconds: 5 }),
    rule('memory-full', gpu, { limitPercent: 95, holdSeconds: 5, clearSeconds: 5 }),
    rule('throttled', gpu, { holdSeconds: 5, clearSeconds: 5 }),
    rule('idle-held', gpu, { holdSeconds: 20, clearSeconds: 5, heldMebibytes: 500 }),
    rule('stalled-run', run, { holdSeconds: 30, clearSeconds: 5 }),
    rule('gpu-lost', gpu, { holdSeconds: 2, clearSeconds: 3 }),
    rule('gone-blind', { kind: 'any-domain' }, { silentSeconds: 5, clearSeconds: 3 }),
    rule('run-ended', run, {}),
    rule('energy-budget', run, { limitKwh: 0.01, period: 'whole' }),
  ];
  for (const one of rules) await handlers['alerts.put'](one);
  await world.goTo(10);
  const runId = await world.start('train', 11);
  await world.goTo(300);
  await world.stop(runId);
  await world.goTo(310);

  const { entries } = await handlers['alerts.log']({ limit: 1000 });
  const startMs = entries.length === 0 ? 0 : Date.UTC(2026, 0, 15, 12);
  const seconds = (ms: number | null): number | null => (ms === null ? null : Math.round((ms - startMs) / 1000));
  const of = (kind: string): readonly (readonly (number | null)[])[] =>
    entries
      .filter((entry: AlertLogEntry) => entry.kind === kind)
      .map((entry) => [seconds(entry.firedAtMs), seconds(entry.clearedAtMs)])
      .toReversed();

  // Over from the sample at 40: 40 + 5. Back from 60: 60 + 5.
  expect(of('temperature')).toEqual([[45, 65]]);
  expect(of('memory-full')).toEqual([[45, 65]]);
  expect(of('throttled')).toEqual([[75, 95]]);
  // At rest from 100: 100 + 20; what is not read clears nothing, and it is held to the end.
  expect(of('idle-held')).toEqual([[120, null]]);
  // 100 + 30; over with the run.
  expect(of('stalled-run')).toMatchObject([[130, expect.any(Number)]]);
  // Lost from 200: + 2. Back at 220: + 3. A read that fails is not lost, and what is lost is not blind.
  expect(of('gpu-lost')).toEqual([[202, 223]]);
  // Read last at 239: + 5. Back at 260: + 3.
  expect(of('gone-blind')).toEqual([[244, 263]]);
  expect(of('run-ended')).toHaveLength(1);
  const budget = entries.filter((entry) => entry.kind === 'energy-budget').toReversed();
  expect(budget.map((entry) => entry.stagePercent)).toEqual([50, 80, 100]);
  // The log has the reading that fired it: 50 % of 0.01 kWh.
  expect(budget[0]?.value).toBeGreaterThanOrEqual(0.005);
  expect(entries.find((entry) => entry.kind === 'temperature')).toMatchObject({
    value: 90,
    limit: 85,
    unit: '°C',
    reading: { temperatureCelsius: 90 },
  });
});
