import { afterEach, beforeEach, expect, it } from 'vitest';
import { joulesFromKwh } from '../shared/units.ts';
import { exampleRun, exampleTotals } from '../tests/examples.ts';
import { exampleSimulatedGpu } from '../tests/simulated-world.ts';
import { createFakeClock, type FakeClock } from './clock/fake-clock.ts';
import { createEngine, type Engine } from './engine.ts';
import type { EngineEvent } from './engine-parts.ts';
import { createSimulatedMachine } from './sources/simulated/simulated-machine.ts';
import { createSqliteStore } from './store/sqlite-store.ts';
import type { Store } from './store/store.ts';

const openedAtMs = Date.UTC(2026, 0, 15, 12);

let clock: FakeClock;
let store: Store;
let engine: Engine;
let events: EngineEvent[];

beforeEach(async () => {
  clock = createFakeClock(openedAtMs);
  store = createSqliteStore({ path: ':memory:', nowMs: openedAtMs });
  const machine = createSimulatedMachine({ clock, openedAtUnixMs: openedAtMs, gpus: [exampleSimulatedGpu()] });
  engine = createEngine({
    version: '0.0.0',
    store,
    dataDirectory: ':memory:',
    clock: { ...clock, sleep: async (delayMs) => clock.advance(delayMs) },
    machine: machine.machine,
    definitions: [machine.definition],
    environment: {},
    sysfsRoot: '',
    procfsRoot: '',
    isSimulated: true,
    isTicking: false,
    log: () => {},
  });
  events = [];
  engine.onEvent((event) => events.push(event));
  await engine.open(0);
});
afterEach(() => engine.close());

const tick = async (): Promise<void> => {
  clock.advance(1000);
  await engine.tick();
};

it('gives the secret of a wattmeter to nobody, and keeps it when it is written back as it was read', async () => {
  const meter = {
    name: 'rack',
    kind: 'tasmota',
    url: 'http://127.0.0.1:9',
    entity: null,
    secret: 'top-secret',
  } as const;
  const written = await engine.handlers['settings.write']({ wallMeters: [meter] });
  const { wallMeters } = await engine.handlers['settings.read']({});
  expect(wallMeters).toEqual([{ ...meter, secret: null, hasSecret: true }]);
  expect(JSON.stringify([written, events])).not.toContain('top-secret');
  await engine.handlers['settings.write']({ wallMeters });
  expect(store.readSettings().wallMeters).toEqual([meter]);
});

it('holds a project budget against what is on record after a run was deleted and put back', async () => {
  const factor = { ...exampleRun().factor, pue: 1 };
  store.insertRun(
    exampleRun({
      id: 'gone',
      project: 'sft',
      status: 'finished',
      startedMs: openedAtMs - 9000,
      endedMs: openedAtMs,
      factor,
    }),
    exampleTotals({ totalJoules: joulesFromKwh(3) }),
  );
  await engine.handlers['alerts.put']({
    name: 'Energy of sft',
    kind: 'energy-budget',
    scope: { kind: 'project', project: 'sft' },
    params: { period: 'whole', limitKwh: 10 },
    level: 'warning',
    isEnabled: true,
  });
  const spent = async (): Promise<number | null | undefined> => {
    await tick();
    return (await engine.handlers['alerts.budgets']({})).budgets[0]?.spent;
  };
  expect(await spent()).toBeCloseTo(3, 6);
  await engine.handlers['runs.delete']({ runIds: ['gone'] });
  expect((await spent()) ?? 0).toBe(0);
  await engine.handlers['runs.restore']({ runIds: ['gone'] });
  expect(await spent()).toBeCloseTo(3, 6);
});

it('sums a project by what its runs were accounted with over their time', async () => {
  store.insertRun(
    exampleRun({ id: 'night', project: 'sft', status: 'finished', startedMs: openedAtMs - 9000, endedMs: openedAtMs }),
    exampleTotals({ totalJoules: joulesFromKwh(1) }),
  );
  store.putAccounting('night', {
    computedAtMs: openedAtMs,
    joules: joulesFromKwh(1),
    gramsCO2e: 77,
    byIntensity: [],
    amount: null,
    byPrice: [],
  });
  const { projects } = await engine.handlers['projects.list']({});
  expect(projects[0]?.totals.gramsCO2e).toBeCloseTo(77, 6);
});
