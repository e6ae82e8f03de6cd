import type { Clock } from '../clock/clock.ts';
import type { Timeline } from '../clock/timeline.ts';
import type { MeterGap } from '../energy/interval.ts';
import type { MeterState, MeterStep } from '../energy/meter-state.ts';
import type { Machine } from '../machine/machine.ts';
import type { ActiveRun } from '../runs/active-run.ts';
import type { SourceReading } from '../sources/source.ts';
import { resumedMeter } from './resumed-meter.ts';

/** What runs that are on had from an engine before this one. Moments are monotonic. */
export interface KeptAccounts {
  /** The meter of a domain at its first reading: it goes on from where another engine left the counter, if that can be. */
  meterFor(reading: SourceReading): MeterState;
  /** Of a domain's first step: what was drawn since a run began, or since another engine left it, nobody knows. */
  openingGap(domainId: string, step: MeterStep): MeterGap | null;
  /** Domains that a run had from the engine before this one, and that none of the sources here reads. */
  abandonedGaps(isRead: (domainId: string) => boolean, toMs: number): readonly MeterGap[];
}

/** Less than this is the time between two looks at the clock, and no gap. */
const leastGapMs = 2;

export function createKeptAccounts(options: {
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly machine: Machine;
  readonly activeRuns: () => readonly ActiveRun[];
}): KeptAccounts {
  const { clock, timeline, machine, activeRuns } = options;

  /** When a run's account of a domain ends that another engine kept; null where there is none. */
  function endMs(run: ActiveRun, domainId: string): number | null {
    const accountedToMs = run.ledger.domains.get(domainId)?.accountedToMs ?? null;
    return accountedToMs === null ? null : timeline.monotonicFromUnix(accountedToMs);
  }

  return {
    meterFor(reading) {
      const runs = activeRuns();
      const uptimeMs = runs.length === 0 ? null : machine.readBootMs();
      const bootMs = uptimeMs === null ? Number.POSITIVE_INFINITY : clock.monotonicMs() - uptimeMs;
      const { id } = reading.domain;
      const resumed = runs.map((run) => {
        const atMs = endMs(run, id);
        const counter = run.ledger.domains.get(id)?.accountedCounter ?? null;
        return { startMs: run.startMs, kept: atMs === null ? null : { atMs, counter: atMs > bootMs ? counter : null } };
      });
      return resumedMeter(reading, resumed);
    },
    openingGap(domainId, step) {
      const toMs = step.intervals[0]?.fromMs ?? step.state.accountedToMs;
      const open = activeRuns().map((run) => ({ runMs: run.startMs, keptMs: endMs(run, domainId) }));
      const fromMs = Math.min(...open.map(({ runMs, keptMs }) => keptMs ?? runMs));
      if (toMs === null || toMs - fromMs < leastGapMs || !Number.isFinite(fromMs)) return null;
      const isResumed = open.some(({ keptMs }) => keptMs !== null);
      return { domainId, fromMs, toMs, reason: isResumed ? 'restart' : 'no-reading', isBridged: false };
    },
    abandonedGaps(isRead, toMs) {
      const fromMs = new Map<string, number>();
      for (const run of activeRuns())
        for (const domainId of run.ledger.domains.keys()) {
          const keptMs = isRead(domainId) ? null : endMs(run, domainId);
          if (keptMs !== null && keptMs < toMs) fromMs.set(domainId, Math.min(keptMs, fromMs.get(domainId) ?? keptMs));
        }
      return [...fromMs].map(([domainId, keptMs]) => ({
        domainId,
        fromMs: keptMs,
        toMs,
        reason: 'restart',
        isBridged: false,
      }));
    },
  };
}
