import type { CarbonFactor, Price } from '../../shared/model/run.ts';
import { costFromJoules, emissionsFromJoules } from '../carbon/carbon.ts';
import type { Store } from '../store/store.ts';
import { type CalendarSpan, calendarSpan } from './calendar.ts';
import type { BudgetPeriod, SpentEnergy } from './rule.ts';

/** What a run has used so far. */
export interface RunSpending {
  readonly id: string;
  readonly project: string | null;
  readonly startedMs: number;
  readonly joules: number;
  readonly factor: CarbonFactor;
  readonly price: Price | null;
}

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
  /** Reads the record anew at the next update: runs were renamed, merged, deleted; a factor changed. */
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
  readonly store: Pick<Store, 'spanEnergy' | 'listRuns'>;
  readonly factor: () => CarbonFactor;
  readonly price: () => Price | null;
}

type Period = Exclude<BudgetPeriod, 'whole'>;
const periods = ['day', 'month'] as const satisfies readonly Period[];

/** What the record said when it was read: all that comes later is added to it. */
interface Base {
  readonly span: CalendarSpan;
  readonly machineJoules: number;
  readonly firstMs: number | null;
  readonly runJoules: ReadonlyMap<string, number>;
}

export function createSpentLedger({ store, factor, price }: SpentLedgerOptions): SpentLedger {
  let bases: Readonly<Record<Period, Base>> | null = null;
  let atBase: SpendingNow = { unixMs: 0, machineJoules: 0, runs: [] };
  let now: SpendingNow = atBase;
  /** Every run of the record that is over, whole. */
  let ended: readonly RunSpending[] = [];

  function read(next: SpendingNow): void {
    const base = (period: Period): Base => {
      const span = calendarSpan(period, next.unixMs);
      return { span, ...store.spanEnergy(span.fromMs, Math.min(span.toMs, next.unixMs)) };
    };
    bases = { day: base('day'), month: base('month') };
    const isOn = new Set(next.runs.map((run) => run.id));
    ended = store
      .listRuns()
      .filter(({ record }) => !isOn.has(record.id))
      .map(({ record, totals }) => ({ ...record, joules: totals.totalJoules ?? 0 }));
    atBase = next;
  }

  const spentOf = (key: string, joules: number): SpentEnergy => {
    const present = price();
    return {
      key,
      joules,
      gramsCO2e: emissionsFromJoules(joules, factor()),
      cost: present === null ? null : costFromJoules(joules, present),
    };
  };

  /** Each run by the factor and price that are stored with it. */
  function sumOf(key: string, runs: readonly RunSpending[]): SpentEnergy {
    let [joules, gramsCO2e, cost]: [number, number, number | null] = [0, 0, 0];
    for (const run of runs) {
      const runPrice = run.price ?? price();
      joules += run.joules;
      gramsCO2e += emissionsFromJoules(run.joules, run.factor);
      cost = cost === null || runPrice === null ? null : cost + costFromJoules(run.joules, runPrice);
    }
    return { key, joules, gramsCO2e, cost };
  }

  /** A run's energy within a span: what the record has of it, and what came since. */
  function within(run: RunSpending, { runJoules, span }: Base): RunSpending {
    const before = atBase.runs.find((one) => one.id === run.id)?.joules ?? 0;
    const isOn = now.runs.includes(run);
    const base = runJoules.get(run.id) ?? (run.startedMs >= span.fromMs && !isOn ? run.joules : 0);
    return { ...run, joules: base + (isOn ? Math.max(0, run.joules - before) : 0) };
  }

  const ofProject = (name: string): readonly RunSpending[] =>
    [...ended, ...now.runs].filter((run) => run.project === name);

  const machineOf = (period: Period): SpentEnergy | undefined => {
    const base = bases?.[period];
    if (base === undefined) return undefined;
    const since = Math.max(0, now.machineJoules - atBase.machineJoules);
    return spentOf(base.span.key, base.machineJoules + since);
  };

  function compact(entries: readonly (readonly [BudgetPeriod, SpentEnergy | undefined])[]): Spent {
    return Object.fromEntries(entries.filter(([, spent]) => spent !== undefined));
  }

  return {
    update(next) {
      const isStale =
        bases === null || periods.some((period) => calendarSpan(period, next.unixMs).key !== bases?.[period].span.key);
      const ids = (spending: SpendingNow): string => spending.runs.map((run) => run.id).join();
      if (isStale || ids(next) !== ids(now)) read(next);
      now = next;
    },
    invalidate() {
      bases = null;
    },
    machine: () => compact(periods.map((period) => [period, machineOf(period)])),
    run(runId) {
      const run = [...now.runs, ...ended].find((one) => one.id === runId);
      return run === undefined ? {} : { whole: sumOf(runId, [run]) };
    },
    project(name) {
      const runs = ofProject(name);
      return compact([
        ['whole', sumOf(name, runs)],
        ...periods.map((period): readonly [BudgetPeriod, SpentEnergy | undefined] => {
          const base = bases?.[period];
          if (base === undefined) return [period, undefined];
          return [
            period,
            sumOf(
              base.span.key,
              runs.map((run) => within(run, base)),
            ),
          ];
        }),
      ]);
    },
    projects: () => [...new Set([...ended, ...now.runs].flatMap((run) => run.project ?? []))],
    span: (period) => bases?.[period].span ?? calendarSpan(period, now.unixMs),
    knownFromMs(target, period) {
      const starts =
        target === 'machine'
          ? []
          : [...ended, ...now.runs].filter((run) =>
              target.startsWith('project:')
                ? run.project === target.slice('project:'.length)
                : `run:${run.id}` === target,
            );
      if (target === 'machine') return period === 'whole' ? null : (bases?.[period].firstMs ?? null);
      const fromMs = period === 'whole' ? 0 : (bases?.[period].span.fromMs ?? 0);
      const begun = starts.map((run) => Math.max(run.startedMs, fromMs));
      return begun.length === 0 ? null : Math.min(...begun);
    },
  };
}
