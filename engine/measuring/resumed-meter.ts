import { isDivided } from '../../shared/model/domain.ts';
import { initialMeter, type MeterState } from '../energy/meter-state.ts';
import type { SourceReading } from '../sources/source.ts';
import type { RunDomainTotals } from '../store/records.ts';

/** Where a run's account of a domain stands that another engine kept. `atMs` is monotonic. */
interface KeptAccount {
  readonly atMs: number;
  readonly counter: RunDomainTotals['accountedCounter'];
}

/** A run that is on, and what another engine kept of it; null where it kept nothing of this domain. */
export interface ResumedRun {
  readonly startMs: number;
  readonly kept: KeptAccount | null;
}

/** Less than this is the time between two looks at the clock. */
const sameMomentMs = 2;

/**
 * The meter of a domain at its first reading here. Where its counter has counted on since another engine read it last, it goes on from there, so that nothing
 * is missing; whether that can be believed, the meter sees to as after any time without readings. Every run that is on must agree on where that was, or have
 * begun since; and it must be the same counter, which the caller knows to be of the same boot. Power is taken for what it is now, for want of what it was.
 * What is divided by CPU time is not taken up: how much of that time was a run's, nobody looked.
 */
export function resumedMeter(reading: SourceReading, runs: readonly ResumedRun[]): MeterState {
  const newest = runs.reduce<KeptAccount | null>(
    (best, { kept }) => (kept !== null && kept.atMs > (best?.atMs ?? Number.NEGATIVE_INFINITY) ? kept : best),
    null,
  );
  const counter = newest?.counter ?? null;
  const { kind, source } = reading.domain;
  if (newest === null || counter === null || reading.counterJoules === null) return initialMeter;
  if (isDivided(kind) && kind !== 'gpu') return initialMeter;
  const agrees = ({ startMs, kept }: ResumedRun): boolean =>
    kept === null ? startMs >= newest.atMs - sameMomentMs : newest.atMs - kept.atMs < sameMomentMs;
  if (counter.source !== source || newest.atMs >= reading.atMs || !runs.every(agrees)) return initialMeter;
  return {
    ...initialMeter,
    accountedToMs: newest.atMs,
    lastPowerWatts: reading.powerWatts,
    counter: {
      joules: counter.joules,
      atMs: newest.atMs,
      lagSeconds: reading.counterLagSeconds,
      hasMoved: true,
      creditedJoules: 0,
    },
    pendingReason: 'restart',
  };
}
