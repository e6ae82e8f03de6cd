import type { IntensityPoint } from '../../shared/model/carbon.ts';
import type { CarbonFactor, Price } from '../../shared/model/run.ts';
import type { Tariff } from '../../shared/model/tariff.ts';
import { type DayAccounts, dayEmissionsAndCost, factorAt, priceAtMoment } from '../carbon/today.ts';
import type { Store } from '../store/store.ts';
import { type CalendarSpan, calendarSpan } from './calendar.ts';
import type { BudgetPeriod, SpentEnergy } from './rule.ts';
import {
  type Amounts,
  amountsAtMoment,
  amountsOf,
  amountsWithin,
  noAmounts,
  plus,
  type RunSpending,
  wholeAmounts,
} from './spent-amounts.ts';

export interface SpendingNow {
  readonly unixMs: number;
  /** Of the machine's own sum since the engine began: only differences of it are used. */
  readonly machineJoules: number;
  /** Runs that are on. */
  readonly runs: readonly RunSpending[];
}

export type Spent = Readonly<Partial<Record<BudgetPeriod, SpentEnergy>>>;

/** What was spent by whom in the day and month that are on, from the record and what came since it was read. */
export interface SpentLedger {
  update(now: SpendingNow): void;
  /** Reads the record anew at the next update: runs were renamed, merged, deleted; a factor changed, readings of the grid came. */
  invalidate(): void;
  machine(): Spent;
  run(runId: string): Spent;
  project(name: string): Spent;
  projects(): readonly string[];
  span(period: Exclude<BudgetPeriod, 'whole'>): CalendarSpan;
  /** Since when a target's energy of the span is known; null: nothing is. */
  knownFromMs(target: string, period: BudgetPeriod): number | null;
}

export interface SpentLedgerOptions {
  readonly store: Pick<Store, 'spanEnergy' | 'listRuns' | 'runEnergy' | 'listIntensities'>;
  readonly factor: () => CarbonFactor;
  readonly price: () => Price | null;
  /** What the machine's energy since a moment is judged by. Default: the flat factor and price. */
  readonly accountsSince?: (fromMs: number) => DayAccounts;
  /** Of now. Default: the flat price all day. */
  readonly tariff?: () => Tariff | null;
  /** The grid's reading of now. Default: none. */
  readonly point?: () => IntensityPoint | null;
}

type Period = Exclude<BudgetPeriod, 'whole'>;
const periods = ['day', 'month'] as const satisfies readonly Period[];

/** What the record said when it was read: all that comes later is added to it. */
interface Base {
  readonly span: CalendarSpan;
  readonly machine: Amounts;
  readonly firstMs: number | null;
  readonly runs: ReadonlyMap<string, Amounts>;
}

export function createSpentLedger(options: SpentLedgerOptions): SpentLedger {
  const { store, price } = options;
  const accountsSince =
    options.accountsSince ??
    ((): DayAccounts => ({ factor: options.factor(), price: price(), tariff: null, points: [] }));
  let bases: Readonly<Record<Period, Base>> | null = null;
  let now: SpendingNow = { unixMs: 0, machineJoules: 0, runs: [] };
  /** Every run of the record that is over, whole. */
  let ended: readonly RunSpending[] = [];
  /** Runs that are on, whole, as they were when the record was read. */
  let wholeAtBase: ReadonlyMap<string, Amounts> = new Map();
  /** What came since the record was read, each part by what counted when it was drawn. */
  let machineSince = noAmounts;
  let runsSince: ReadonlyMap<string, Amounts> = new Map();

  function read(next: SpendingNow): void {
    const stored = store.listRuns();
    const accounting = new Map(stored.map((run) => [run.record.id, run.accounting]));
    const on = next.runs.map((run) => ({ ...run, accounting: accounting.get(run.id) ?? null }));
    const isOn = new Set(on.map((run) => run.id));
    ended = stored
      .filter(({ record }) => !isOn.has(record.id))
      .map(({ record, totals, accounting }) => ({
        ...record,
        joules: totals.totalJoules ?? 0,
        accounting,
        isImported: record.foundBy === 'import',
      }));
    wholeAtBase = new Map(on.map((run) => [run.id, wholeAmounts(run, price())]));
    machineSince = noAmounts;
    runsSince = new Map();
    bases = { day: baseOf('day', next.unixMs, on), month: baseOf('month', next.unixMs, on) };
  }

  function baseOf(period: Period, unixMs: number, on: readonly RunSpending[]): Base {
    const span = calendarSpan(period, unixMs);
    const energy = store.spanEnergy(span.fromMs, Math.min(span.toMs, unixMs));
    const { gramsCO2e, amount } = dayEmissionsAndCost(
      energy.machineJoules,
      energy.machineSlices,
      accountsSince(span.fromMs),
    );
    const runs = new Map<string, Amounts>();
    for (const run of [...ended, ...on]) {
      const joules = joulesWithin(run, { span, runJoules: energy.runJoules, isOn: on.includes(run) });
      if (joules > 0) runs.set(run.id, amountsWithin(store, run, { joules, span, present: price() }));
    }
    return { span, machine: { joules: energy.machineJoules, gramsCO2e, cost: amount }, firstMs: energy.firstMs, runs };
  }

  /** Adds what was drawn since the update before. */
  function add(next: SpendingNow): void {
    const point = options.point?.() ?? null;
    const joules = Math.max(0, next.machineJoules - now.machineJoules);
    machineSince = plus(
      machineSince,
      amountsOf(
        joules,
        factorAt(options.factor(), point),
        priceAtMoment(price(), options.tariff?.() ?? null, next.unixMs),
      ),
    );
    const before = new Map(now.runs.map((run) => [run.id, run.joules]));
    runsSince = new Map(
      next.runs.map((run) => {
        const drawn = run.joules - (before.get(run.id) ?? run.joules);
        const part = amountsAtMoment(run, drawn, { unixMs: next.unixMs, point, price: price() });
        return [run.id, plus(runsSince.get(run.id) ?? noAmounts, part)];
      }),
    );
  }

  const sinceOf = (id: string): Amounts => runsSince.get(id) ?? noAmounts;
  const wholeOf = (run: RunSpending): Amounts => {
    const base = wholeAtBase.get(run.id);
    return base === undefined ? wholeAmounts(run, price()) : plus(base, sinceOf(run.id));
  };
  const within = (run: RunSpending, base: Base): Amounts => plus(base.runs.get(run.id) ?? noAmounts, sinceOf(run.id));

  const sumOf = (key: string, amounts: readonly Amounts[]): SpentEnergy => ({
    key,
    ...amounts.reduce(plus, noAmounts),
  });
  const everyRun = (): readonly RunSpending[] => [...ended, ...now.runs];

  function byPeriod(spentIn: (base: Base) => SpentEnergy): readonly (readonly [BudgetPeriod, SpentEnergy])[] {
    const read = bases;
    return read === null ? [] : periods.map((period) => [period, spentIn(read[period])]);
  }

  return {
    update(next) {
      const isStale =
        bases === null || periods.some((period) => calendarSpan(period, next.unixMs).key !== bases?.[period].span.key);
      const ids = (spending: SpendingNow): string => spending.runs.map((run) => run.id).join();
      if (isStale || ids(next) !== ids(now)) read(next);
      else add(next);
      now = next;
    },
    invalidate() {
      bases = null;
    },
    machine: () =>
      Object.fromEntries(byPeriod(({ span, machine }) => ({ key: span.key, ...plus(machine, machineSince) }))),
    run(runId) {
      const run = [...now.runs, ...ended].find((one) => one.id === runId);
      return run === undefined ? {} : { whole: sumOf(runId, [wholeOf(run)]) };
    },
    project(name) {
      const runs = everyRun().filter((run) => run.project === name);
      return Object.fromEntries([
        ['whole', sumOf(name, runs.map(wholeOf))],
        ...byPeriod((base) =>
          sumOf(
            base.span.key,
            runs.map((run) => within(run, base)),
          ),
        ),
      ]);
    },
    projects: () => [...new Set(everyRun().flatMap((run) => run.project ?? []))],
    span: (period) => bases?.[period].span ?? calendarSpan(period, now.unixMs),
    knownFromMs(target, period) {
      if (target === 'machine') return period === 'whole' ? null : (bases?.[period].firstMs ?? null);
      const fromMs = period === 'whole' ? 0 : (bases?.[period].span.fromMs ?? 0);
      const begun = everyRun()
        .filter((run) =>
          target.startsWith('project:') ? run.project === target.slice('project:'.length) : `run:${run.id}` === target,
        )
        .map((run) => Math.max(run.startedMs, fromMs));
      return begun.length === 0 ? null : Math.min(...begun);
    },
  };
}

/** Of a run within a span: what the record has of it; of one that is over and has no samples any more, all where it began in the span. */
function joulesWithin(
  run: RunSpending,
  {
    span,
    runJoules,
    isOn,
  }: { readonly span: CalendarSpan; readonly runJoules: ReadonlyMap<string, number>; readonly isOn: boolean },
): number {
  if (run.isImported === true) return 0;
  return runJoules.get(run.id) ?? (run.startedMs >= span.fromMs && !isOn ? run.joules : 0);
}
