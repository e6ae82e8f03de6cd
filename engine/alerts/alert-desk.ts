import { z } from 'zod';
import type { AlertLogEntry, BudgetStatus, RulePreset, RulePreview } from '../../shared/model/alert.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { kilo, msFromSeconds } from '../../shared/units.ts';
import type { CarbonDesk } from '../carbon/carbon-desk.ts';
import type { Clock } from '../clock/clock.ts';
import type { Machine } from '../machine/machine.ts';
import type { DomainState } from '../measuring/domain-state.ts';
import { machinePower } from '../measuring/machine-power.ts';
import type { ActiveRun } from '../runs/active-run.ts';
import { type ControlSignal, createRunControl, type RunControl } from '../runs/run-control.ts';
import type { LearnedFacts } from '../sources/source.ts';
import type { Store } from '../store/store.ts';
import { type AlertBook, createAlertBook } from './alert-book.ts';
import { createAlertSubjects, type EndedRun } from './alert-subjects.ts';
import type { AlertTick } from './alert-tick.ts';
import { budgetStatuses } from './budget-status.ts';
import { quietUntilMs } from './calendar.ts';
import { deliver } from './deliveries/deliver.ts';
import { createDestinationBook, type DestinationBook } from './deliveries/destination-book.ts';
import { createSecretFile } from './deliveries/secret-file.ts';
import { presetsFor } from './presets.ts';
import { ruleDefinition } from './registry.ts';
import { previewRule } from './rule-preview.ts';
import { createSpentLedger } from './spent-ledger.ts';

export interface AlertDeskOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly machine: Machine;
  readonly learned: LearnedFacts;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For secrets; ':memory:' keeps them in memory. */
  readonly dataDirectory: string;
  readonly settings: () => Settings;
  /** By what budgets of carbon and money are judged. */
  readonly carbon: Pick<CarbonDesk, 'factor' | 'price' | 'tariff' | 'accountsSince' | 'pointNow'>;
  readonly hostName: () => string;
  readonly states: () => readonly DomainState[];
  readonly runs: () => readonly ActiveRun[];
  /** A run's energy so far. */
  readonly joulesOf: (run: ActiveRun) => number | null;
  /** Of the machine's own sum since the engine began. */
  readonly machineJoules: () => number;
  readonly signal: ((pid: number, signal: ControlSignal) => void) | null;
  readonly write: (work: () => void) => void;
  readonly onFired: (entry: AlertLogEntry) => void;
  readonly onCleared: (entry: AlertLogEntry) => void;
  readonly onChanged: () => void;
  readonly onRunChanged: (runId: string) => void;
  readonly log: (message: string) => void;
}

/** All of the alerts: rules, budgets, destinations, and what holds or ends runs. */
export interface AlertDesk extends AlertBook {
  readonly destinations: DestinationBook;
  readonly control: RunControl;
  /** A tick: everything that was read is held against the rules. */
  watch(unixMs: number): void;
  budgets(): readonly BudgetStatus[];
  presets(): readonly RulePreset[];
  preview(input: Parameters<AlertBook['putRule']>[0], hours: number): RulePreview;
  /** Runs were renamed, merged or deleted, or a factor or a price is another one. */
  invalidate(): void;
  /** Where nothing is quiet any more, what was held goes out. */
  quietHoursChanged(): void;
  close(): Promise<void>;
}

const openRunsKey = 'alerts.openRuns';
const leastLongestStepMs = 10 * kilo;
const lastFlushMs = 2000;
/** With no rule in force what is kept for one that may be put in force is looked at so often. */
const unwatchedEveryMs = 5000;

export function createAlertDesk(options: AlertDeskOptions): AlertDesk {
  const { store, clock, machine, settings } = options;
  const subjects = createAlertSubjects();
  let lastTick: AlertTick | null = null;
  /** Runs that were on in the tick before, kept for an engine after this one; null: never looked. */
  let open = z
    .array(z.string())
    .nullable()
    .catch(null)
    .parse(options.learned.read(openRunsKey) ?? null);
  const runName = (runId: string): string =>
    options.runs().find((run) => run.record.id === runId)?.record.name ?? store.readRun(runId)?.record.name ?? runId;
  const spent = createSpentLedger({
    store,
    factor: options.carbon.factor,
    price: options.carbon.price,
    accountsSince: options.carbon.accountsSince,
    tariff: options.carbon.tariff,
    point: options.carbon.pointNow,
  });
  const control = createRunControl({
    machine,
    clock,
    learned: options.learned,
    runs: options.runs,
    signal: options.signal,
    ownPid: process.pid,
    onChanged: options.onRunChanged,
  });
  const destinations = createDestinationBook({
    store,
    clock,
    deliver,
    secrets: createSecretFile(options.dataDirectory === ':memory:' ? null : options.dataDirectory, options.log),
    environment: options.environment,
    machineName: options.hostName,
    runName,
    onChanged: options.onChanged,
    log: options.log,
  });
  const book = createAlertBook({
    store,
    destinations,
    labelOf(target) {
      if (target.startsWith('run:')) return runName(target.slice('run:'.length));
      return options.states().find(({ domain }) => domain.id === target)?.domain.label ?? null;
    },
    unixMs: clock.unixMs,
    onFired: options.onFired,
    onCleared: options.onCleared,
    onChanged: options.onChanged,
    write: options.write,
    quietHours: () => settings().quietHours,
    currency: () => settings().currency,
    longestStepMs: () => Math.max(leastLongestStepMs, 3 * msFromSeconds(settings().samplePeriodSeconds)),
    async actor({ action, runIds }, alert) {
      const done = runIds.map((runId) =>
        (action === 'pause' ? control.pause(runId) : control.stop(runId, alert)).catch((error: unknown) =>
          error instanceof Error ? error.message : String(error),
        ),
      );
      return (await Promise.all(done)).join(' ');
    },
  });
  const hasBudgets = (): boolean =>
    book.storedRules().some((rule) => rule.isEnabled && ruleDefinition(rule.kind)?.descriptor.isBudget === true);

  /** Nobody waits for a word, and the last look is not long ago. */
  const isIdle = (): boolean =>
    lastTick !== null &&
    clock.monotonicMs() - lastTick.monotonicMs < unwatchedEveryMs &&
    !book.storedRules().some((rule) => rule.isEnabled);

  /** Runs that were on and are over. One that is being closed, or that nobody has taken on yet, is still open. */
  function endedRuns(): { readonly ended: readonly EndedRun[]; readonly open: readonly string[] } {
    const active = options.runs().map((run) => run.record.id);
    const ended: EndedRun[] = [];
    const waiting: string[] = [];
    for (const id of open ?? []) {
      if (active.includes(id)) continue;
      const record = store.readRun(id)?.record;
      if (record?.status === 'running') waiting.push(id);
      else if (record !== undefined) ended.push(record);
    }
    return { ended, open: [...active, ...waiting] };
  }

  function updateSpent(unixMs: number): void {
    const runs = options.runs().map((run) => ({
      ...run.record,
      joules: options.joulesOf(run) ?? 0,
    }));
    spent.update({ unixMs, machineJoules: options.machineJoules(), runs });
  }

  const look = (unixMs: number, ended: readonly EndedRun[], isBudgeted: boolean): AlertTick =>
    subjects.collect({
      monotonicMs: clock.monotonicMs(),
      unixMs,
      states: options.states(),
      runs: options.runs(),
      ended,
      hasProcess: machine.hasProcess,
      isPaused: control.isPaused,
      spent: isBudgeted ? spent : null,
    });

  return {
    ...book,
    destinations,
    control,
    watch(unixMs) {
      if (isIdle()) return;
      const seen = endedRuns();
      const isBudgeted = hasBudgets();
      if (isBudgeted) updateSpent(unixMs);
      const tick = look(unixMs, seen.ended, isBudgeted);
      lastTick = tick;
      book.step(tick);
      // After what they fired: a kill in between tells of an end once more rather than never, and the log knows that it did.
      if (open === null || open.join() !== seen.open.join()) {
        open = [...seen.open];
        const kept = open;
        options.write(() => store.writeLearned(openRunsKey, kept));
      }
    },
    budgets() {
      if (lastTick === null || !hasBudgets()) return [];
      const names = lastTick.labelOf;
      return budgetStatuses({
        rules: book.storedRules(),
        tick: lastTick,
        spent,
        currency: settings().currency,
        labelOf: (target) => names(target) ?? target,
      });
    },
    presets: () =>
      presetsFor({
        // Looked at anew: with no rule in force the last tick may be older than half of what is read by now.
        samples: new Map(
          [...look(clock.unixMs(), [], false).samples].filter(([target]) => !/^(machine$|run:|project:)/.test(target)),
        ),
        machineWatts: machinePower(options.states()).powerWatts,
        hasPrice: settings().pricePerKwh !== null,
        rules: book.storedRules(),
      }),
    preview: (input, hours) => {
      const toMs = clock.unixMs();
      const fromMs = toMs - msFromSeconds(hours * 3600);
      return previewRule(store, store.listDomains(), {
        input,
        fromMs,
        toMs,
        periodSeconds: settings().samplePeriodSeconds,
      });
    },
    invalidate: spent.invalidate,
    quietHoursChanged() {
      if (quietUntilMs(settings().quietHours, clock.unixMs()) !== null) return;
      options.write(() => store.releaseHeld(clock.unixMs()));
      destinations.sender.wake();
    },
    async close() {
      await destinations.sender.flush(lastFlushMs);
      await destinations.sender.close();
    },
  };
}
