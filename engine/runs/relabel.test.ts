import { describe, expect, it } from 'vitest';
import { exampleRun, exampleTotals } from '../../tests/examples.ts';
import { createFakeClock } from '../clock/fake-clock.ts';
import { createEngine } from '../engine.ts';
import { createFakeMachine } from '../machine/fake-machine.ts';
import { listSummaries } from '../reports/record-reports.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';

function setUp() {
  const store = createSqliteStore({ path: ':memory:', nowMs: 0 });
  for (const [index, id] of ['a', 'b', 'c'].entries())
    store.insertRun(
      exampleRun({ id, status: 'finished', startedMs: index * 1000, endedMs: index * 1000 + 1, tags: { lr: '1' } }),
      exampleTotals(),
    );
  const engine = createEngine({
    version: '0.0.0',
    store,
    dataDirectory: ':memory:',
    clock: createFakeClock(0, 0),
    machine: createFakeMachine().machine,
    definitions: [],
    environment: {},
    sysfsRoot: '',
    procfsRoot: '',
    isSimulated: false,
    isTicking: false,
    log: () => undefined,
  });
  return { store, engine };
}

describe('labels of many runs', () => {
  it('are set together and told once; runs that are gone are passed over', () => {
    const { store, engine } = setUp();
    const told: unknown[] = [];
    engine.onEvent((event) => told.push(event));
    const labels = ['a', 'c', 'gone'].map((runId) => ({ runId, project: null, tags: { lr: '2', keep: '' } }));
    expect(engine.handlers['runs.relabel']({ labels })).toEqual({ changed: 2 });
    expect(told).toEqual([{ name: 'runs.changed', payload: { runIds: ['a', 'c'] } }]);
    const ids = (filter: Parameters<typeof listSummaries>[1]): readonly string[] =>
      listSummaries(store, filter).runs.map(({ id }) => id);
    expect(ids({ tags: ['lr=2'] })).toEqual(['c', 'a']);
    expect(ids({ tags: ['lr', 'keep'] })).toEqual(['c', 'a']);
    expect(ids({ tags: ['lr=1'] })).toEqual(['b']);
    expect(ids({ untilMs: 1000 })).toEqual(['a']);
  });

  it('an engine over a record with runs greets nobody', () => {
    const { engine } = setUp();
    expect(engine.handlers['settings.read']({})).toMatchObject({ isWelcomed: true });
  });
});
