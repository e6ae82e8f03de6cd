import { describe, expect, it } from 'vitest';
import { type AlertLogEntry, type AlertRuleInput, defaultActions } from '../../shared/model/alert.ts';
import { joulesFromKwh } from '../../shared/units.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { type AlertBook, type AlertBookOptions, createAlertBook } from './alert-book.ts';
import { sampleAt } from './rule.ts';

const labelOf = (target: string): string | null => ({ 'gpu:a': 'GPU 0', 'gpu:b': 'GPU 1' })[target] ?? null;
const exampleMs = 1_800_000_000_000;

const input = (part: Partial<AlertRuleInput> = {}): AlertRuleInput => ({
  kind: 'sustained-power',
  scope: { kind: 'machine' },
  params: { limitWatts: 300, holdSeconds: 2, clearSeconds: 2 },
  level: 'warning',
  isEnabled: true,
  ...part,
});

interface Bench {
  readonly store: Store;
  readonly book: AlertBook;
  readonly fired: AlertLogEntry[];
  readonly cleared: AlertLogEntry[];
  /** One second passes; the machine and its domains draw this much. */
  /** Seconds pass in which nobody looks. */
  skip(seconds: number): void;
  tick(machineWatts: number | null, domains?: Readonly<Record<string, number | null>>): void;
}

type More = Partial<Pick<AlertBookOptions, 'quietHours' | 'destinations' | 'actor'>> & {
  readonly startSeconds?: number;
};

function bench(store: Store = createSqliteStore({ path: ':memory:', nowMs: exampleMs }), more: More = {}): Bench {
  let seconds = more.startSeconds ?? 0;
  const fired: AlertLogEntry[] = [];
  const cleared: AlertLogEntry[] = [];
  const book = createAlertBook({
    store,
    labelOf,
    unixMs: () => exampleMs + seconds * 1000,
    onFired: (entry) => fired.push(entry),
    onCleared: (entry) => cleared.push(entry),
    onChanged: () => undefined,
    ...more,
  });
  return {
    store,
    book,
    fired,
    cleared,
    skip(more) {
      seconds += more;
    },
    tick(machineWatts, domains = {}) {
      seconds++;
      book.step({
        monotonicMs: seconds * 1000,
        unixMs: exampleMs + seconds * 1000,
        samples: new Map(
          Object.entries({ machine: machineWatts, ...domains }).map(([target, powerWatts]) => [
            target,
            sampleAt(seconds * 1000, { powerWatts }),
          ]),
        ),
        projectOf: () => null,
        labelOf,
        runIdsOf: (target) => [`run-${target}`],
      });
    },
  };
}
const codeOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return 'nothing thrown';
};

it('tells of an alert once, keeps its peak, and closes it in the log', () => {
  const { book, store, fired, cleared, tick } = bench();
  const rule = book.putRule(input());
  expect(rule.name).toBe('Power above 300 W for 2 s');
  tick(400);
  tick(410);
  expect(fired).toEqual([]);
  expect(book.listRules()[0]?.status.state).toBe('counting');
  tick(420);
  tick(600);
  tick(500);
  // Above from second 1, so the hold of 2 s is over at 3.
  expect(fired).toHaveLength(1);
  expect(fired[0]).toMatchObject({
    ruleId: rule.id,
    scopeLabel: 'Whole machine',
    firedAtMs: exampleMs + 3000,
    clearedAtMs: null,
    valueWatts: 420,
    limitWatts: 300,
    runIds: ['run-machine'],
    isTest: false,
  });
  expect(book.firing()).toMatchObject([{ valueWatts: 420, peakWatts: 600, value: 420, valueNow: 500 }]);
  tick(100);
  tick(100);
  expect(cleared).toEqual([]);
  tick(100);
  // Below from second 6, cleared at 8.
  expect(cleared).toMatchObject([{ id: fired[0]?.id, peakWatts: 600, clearedAtMs: exampleMs + 8000 }]);
  expect(book.firing()).toEqual([]);
  expect(store.listAlerts({})).toEqual(cleared);
  expect(book.listRules()[0]?.status).toMatchObject({ state: 'armed', lastFiredAtMs: exampleMs + 3000 });
});

describe('a missing reading', () => {
  it('starts the hold anew but does not clear', () => {
    const { book, fired, cleared, tick } = bench();
    book.putRule(input());
    for (const watts of [400, 400, null, 400, 400]) tick(watts);
    expect(fired).toEqual([]);
    tick(400);
    expect(fired).toHaveLength(1);
    for (let i = 0; i < 10; i++) tick(null);
    expect(cleared).toEqual([]);
    expect(book.firing()).toHaveLength(1);
  });
});

describe('what a rule watches', () => {
  it('may be any GPU: each fires by itself', () => {
    const { book, fired, cleared, tick } = bench();
    book.putRule(input({ scope: { kind: 'any-gpu' } }));
    for (let i = 0; i < 2; i++) tick(999, { 'gpu:a': 400, 'gpu:b': 100, 'cpu:0': 900 });
    for (let i = 0; i < 2; i++) tick(999, { 'gpu:a': 400, 'gpu:b': 400, 'cpu:0': 900 });
    expect(fired.map((entry) => entry.scopeLabel)).toEqual(['GPU 0']);
    tick(999, { 'gpu:a': 400, 'gpu:b': 400, 'cpu:0': 900 });
    expect(fired.map((entry) => [entry.scopeLabel, entry.runIds])).toEqual([
      ['GPU 0', ['run-gpu:a']],
      ['GPU 1', ['run-gpu:b']],
    ]);
    for (let i = 0; i < 3; i++) tick(999, { 'gpu:a': 100, 'gpu:b': 400 });
    expect(cleared.map((entry) => entry.scopeLabel)).toEqual(['GPU 0']);
    expect(book.firing().map((entry) => entry.scopeLabel)).toEqual(['GPU 1']);
  });

  it('may be one domain, and then no other', () => {
    const { book, fired, tick } = bench();
    const rule = book.putRule(input({ scope: { kind: 'domain', domainId: 'gpu:b' } }));
    expect(rule.scopeLabel).toBe('GPU 1');
    for (let i = 0; i < 5; i++) tick(999, { 'gpu:a': 900, 'gpu:b': 100 });
    expect(fired).toEqual([]);
    for (let i = 0; i < 3; i++) tick(0, { 'gpu:a': 0, 'gpu:b': 301 });
    expect(fired).toMatchObject([{ scopeLabel: 'GPU 1', valueWatts: 301 }]);
  });
});

describe('quiet rules', () => {
  it('that are snoozed record what fires but tell nobody', () => {
    const { book, store, fired, tick } = bench();
    const rule = book.putRule(input());
    book.snooze(rule.id, 60);
    for (let i = 0; i < 5; i++) tick(400);
    expect(fired).toEqual([]);
    expect(book.listRules()[0]?.status.state).toBe('snoozed');
    expect(store.listAlerts({})).toHaveLength(1);
    for (let i = 0; i < 10; i++) tick(100);
    // It was over before the snooze was: nobody is told of it afterwards.
    for (let i = 0; i < 50; i++) tick(100);
    for (let i = 0; i < 3; i++) tick(400);
    expect(fired).toHaveLength(1);
  });

  it('that are off see nothing', () => {
    const { book, fired, tick } = bench();
    book.putRule(input({ isEnabled: false }));
    for (let i = 0; i < 9; i++) tick(900);
    expect(fired).toEqual([]);
    expect(book.listRules()[0]?.status.state).toBe('off');
  });
});

it('a test makes an entry that says it is one and does not stay', () => {
  const { book, store, fired } = bench();
  const rule = book.putRule(input({ name: 'Mine' }));
  const entry = book.test(rule.id);
  expect(entry).toMatchObject({ ruleName: 'Mine', isTest: true, firedAtMs: exampleMs, clearedAtMs: exampleMs });
  expect(fired).toEqual([entry]);
  expect(store.listAlerts({})).toEqual([entry]);
  expect(book.firing()).toEqual([]);
});

describe('a rule that is firing', () => {
  const firing = (): Bench & { readonly ruleId: string } => {
    const one = bench();
    const { id } = one.book.putRule(input());
    for (let i = 0; i < 3; i++) one.tick(400);
    return { ...one, ruleId: id };
  };

  it('clears when it is removed', () => {
    const { book, store, cleared, ruleId } = firing();
    book.removeRule(ruleId);
    expect(cleared).toMatchObject([{ ruleId, clearedAtMs: exampleMs + 3000 }]);
    expect([book.firing(), book.listRules(), store.listRules()]).toEqual([[], [], []]);
  });

  it('clears when it is changed, and counts again by its new limit', () => {
    const { book, cleared, fired, tick, ruleId } = firing();
    book.putRule(input({ id: ruleId, params: { limitWatts: 500, holdSeconds: 2, clearSeconds: 2 } }));
    expect(cleared).toHaveLength(1);
    for (let i = 0; i < 5; i++) tick(400);
    expect(fired).toHaveLength(1);
    expect(book.listRules()).toMatchObject([{ id: ruleId, params: { limitWatts: 500 }, createdAtMs: exampleMs }]);
  });

  it('can be acknowledged while it fires, and not after', () => {
    const { book, fired, tick } = firing();
    const id = fired[0]?.id ?? '';
    book.acknowledge(id);
    expect(book.firing()[0]?.isAcknowledged).toBe(true);
    for (let i = 0; i < 3; i++) tick(100);
    expect(codeOf(() => book.acknowledge(id))).toBe('alerts/not-found');
  });

  it('is closed by the next engine, which keeps the rule and when it last fired', () => {
    const { store, ruleId } = firing();
    const next = bench(store);
    next.book.closeStale(exampleMs + 9000);
    expect(store.listAlerts({})).toMatchObject([{ ruleId, clearedAtMs: exampleMs + 9000 }]);
    expect(next.book.listRules()).toMatchObject([{ id: ruleId, status: { lastFiredAtMs: exampleMs + 3000 } }]);
    expect(next.book.firing()).toEqual([]);
  });
});

describe('what cannot be a rule', () => {
  it.each([
    ['a kind that is not there', input({ kind: 'guess' })],
    ['a limit below its least', input({ params: { limitWatts: 0 } })],
    ['a hold of more than a day', input({ params: { holdSeconds: 86_401 } })],
    ['a limit that is no number', input({ params: { limitWatts: Number.NaN } })],
  ])('%s is refused', (_, given) => {
    const { book, store } = bench();
    expect(codeOf(() => book.putRule(given))).toBe('alerts/invalid');
    expect([book.listRules(), store.listRules()]).toEqual([[], []]);
  });

  it('a rule that is not there cannot be changed, removed, tested or snoozed', () => {
    const { book } = bench();
    expect(codeOf(() => book.putRule(input({ id: 'none' })))).toBe('alerts/not-found');
    expect(codeOf(() => book.removeRule('none'))).toBe('alerts/not-found');
    expect(codeOf(() => book.test('none'))).toBe('alerts/not-found');
    expect(codeOf(() => book.snooze('none', 1))).toBe('alerts/not-found');
  });

  it('values left out are the rule’s defaults', () => {
    const { book } = bench();
    expect(book.putRule(input({ params: {} })).params).toEqual({
      limitWatts: 300,
      holdSeconds: 30,
      clearSeconds: 10,
      marginWatts: 0,
    });
  });
});

describe('a cool-down', () => {
  it('keeps a rule from firing again for as long as it says, and lets it fire then if it still holds', () => {
    const { book, fired, tick } = bench();
    book.putRule(input({ params: { limitWatts: 300, holdSeconds: 0, clearSeconds: 0 }, coolDownSeconds: 10 }));
    // Fires at 1, clears at 2, is above again from 3: not before 1 + 10 = 11.
    for (const watts of [400, 100, ...Array<number>(7).fill(400)]) tick(watts);
    expect(fired).toHaveLength(1);
    expect(book.listRules()[0]?.status.state).toBe('counting');
    tick(400);
    expect(fired).toHaveLength(1);
    tick(400);
    expect(fired.map((entry) => entry.firedAtMs - exampleMs)).toEqual([1000, 11_000]);
  });

  it('is each GPU’s own', () => {
    const { book, fired, tick } = bench();
    const params = { limitWatts: 300, holdSeconds: 0, clearSeconds: 0 };
    book.putRule(input({ scope: { kind: 'any-gpu' }, params, coolDownSeconds: 60 }));
    tick(0, { 'gpu:a': 400, 'gpu:b': 0 });
    tick(0, { 'gpu:a': 0, 'gpu:b': 400 });
    expect(fired.map((entry) => entry.scopeLabel)).toEqual(['GPU 0', 'GPU 1']);
  });

  it('goes on over a restart', () => {
    const params = { limitWatts: 300, holdSeconds: 0, clearSeconds: 0 };
    const one = bench();
    one.book.putRule(input({ params, coolDownSeconds: 10 }));
    one.tick(400);
    const next = bench(one.store, { startSeconds: 3 });
    next.book.closeStale(exampleMs + 3000);
    for (let i = 0; i < 7; i++) next.tick(400);
    expect(next.fired).toEqual([]);
    next.tick(400);
    expect(next.fired).toHaveLength(1);
  });
});

it('a stretch in which nobody looked proves no hold', () => {
  const { book, fired, tick, skip } = bench();
  book.putRule(input({ params: { limitWatts: 300, holdSeconds: 30, clearSeconds: 2 } }));
  tick(400);
  skip(60);
  tick(400);
  expect(fired).toEqual([]);
  for (let i = 0; i < 30; i++) tick(400);
  expect(fired).toHaveLength(1);
});

describe('quiet hours', () => {
  const always = { isOn: true, fromMinute: 0, toMinute: 0, isCriticalTold: true };

  it('hold what fires until they are over, and log it at once', () => {
    let quietHours = always;
    const { book, store, fired, tick } = bench(undefined, { quietHours: () => quietHours });
    book.putRule(input());
    for (let i = 0; i < 4; i++) tick(400);
    expect(fired).toEqual([]);
    expect(store.listAlerts({})).toMatchObject([{ isHeld: true, valueWatts: 400 }]);
    quietHours = { ...always, isOn: false };
    tick(400);
    expect(fired).toMatchObject([{ isHeld: false, firedAtMs: exampleMs + 3000 }]);
    tick(400);
    expect(fired).toHaveLength(1);
  });

  it('let through what is critical', () => {
    const { book, fired, tick } = bench(undefined, { quietHours: () => always });
    book.putRule(input({ level: 'critical' }));
    for (let i = 0; i < 3; i++) tick(400);
    expect(fired).toHaveLength(1);
  });
});

describe('what an alert asks', () => {
  const actions = { ...defaultActions, runAction: 'stop' as const };
  const asked: string[] = [];
  const by: string[] = [];
  const actor: AlertBookOptions['actor'] = async ({ action, runIds }, { alertId }) => {
    asked.push(`${action} ${runIds.join()}`);
    by.push(alertId);
    return 'done';
  };

  it('is done when somebody says yes, once', async () => {
    asked.length = 0;
    const { book, fired, store, tick } = bench(undefined, { actor });
    book.putRule(input({ actions }));
    for (let i = 0; i < 3; i++) tick(400);
    expect(asked).toEqual([]);
    const id = fired[0]?.id ?? '';
    book.answer(id, true);
    expect(codeOf(() => book.answer(id, true))).toBe('alerts/invalid');
    await Promise.resolve();
    expect([asked, by]).toEqual([['stop run-machine'], [id]]);
    expect(store.readAlert(id)?.question).toMatchObject({ state: 'yes', outcome: 'done' });
  });

  it('lapses when the alert is over, and is not asked where the rule says so', () => {
    asked.length = 0;
    const { book, fired, store, tick } = bench(undefined, { actor });
    book.putRule(input({ actions }));
    for (let i = 0; i < 3; i++) tick(400);
    for (let i = 0; i < 3; i++) tick(100);
    expect(store.readAlert(fired[0]?.id ?? '')?.question?.state).toBe('lapsed');
    book.putRule(input({ actions: { ...actions, isAsking: false } }));
    for (let i = 0; i < 3; i++) tick(400);
    expect(asked).toEqual(['stop run-machine']);
  });
});

describe('a budget over a restart', () => {
  const budget = input({ kind: 'energy-budget', params: { limitKwh: 100, period: 'day' } });
  /** A book over this record, and what it tells when so much is spent. */
  function engineOf(store: Store, startSeconds: number) {
    const fired: AlertLogEntry[] = [];
    const cleared: AlertLogEntry[] = [];
    let seconds = startSeconds;
    const book = createAlertBook({
      store,
      labelOf,
      unixMs: () => exampleMs + seconds * 1000,
      onFired: (entry) => fired.push(entry),
      onCleared: (entry) => cleared.push(entry),
      onChanged: () => undefined,
    });
    book.closeStale(exampleMs + seconds * 1000);
    const spend = (kwh: number, key = 'today'): void => {
      seconds++;
      const day = { key, joules: joulesFromKwh(kwh), gramsCO2e: null, cost: null };
      book.step({
        monotonicMs: seconds * 1000,
        unixMs: exampleMs + seconds * 1000,
        samples: new Map([['machine', sampleAt(seconds * 1000, { spent: { day } })]]),
        projectOf: () => null,
        labelOf,
        runIdsOf: () => [],
      });
    };
    return { book, fired, cleared, spend };
  }
  const stages = (entries: readonly AlertLogEntry[]): readonly unknown[] => entries.map((entry) => entry.stagePercent);

  it('tells nothing twice, and stays spent until its day is over', () => {
    const store = createSqliteStore({ path: ':memory:', nowMs: exampleMs });
    const first = engineOf(store, 0);
    first.book.putRule(budget);
    for (const kwh of [40, 55, 60]) first.spend(kwh);
    expect(stages(first.fired)).toEqual([50]);
    const second = engineOf(store, 100);
    for (const kwh of [61, 79, 85, 101]) second.spend(kwh);
    expect(stages(second.fired)).toEqual([80, 100]);
    const third = engineOf(store, 200);
    for (const kwh of [102, 103]) third.spend(kwh);
    expect(third.fired).toEqual([]);
    expect(third.book.firing()).toMatchObject([{ firedAtMs: second.fired[1]?.firedAtMs }]);
    third.spend(1, 'tomorrow');
    expect(third.cleared).toMatchObject([{ id: second.fired[1]?.id }]);
    expect(third.book.firing()).toEqual([]);
    third.spend(50, 'tomorrow');
    expect(stages(third.fired)).toEqual([50]);
  });

  it('speaks of another amount anew', () => {
    const store = createSqliteStore({ path: ':memory:', nowMs: exampleMs });
    const { book, fired, cleared, spend } = engineOf(store, 0);
    const { id } = book.putRule(budget);
    spend(120);
    book.putRule({ ...budget, id, params: { limitKwh: 200, period: 'day' } });
    expect(stages(cleared)).toEqual([100]);
    spend(121);
    expect(stages(fired)).toEqual([100, 50]);
  });
});
