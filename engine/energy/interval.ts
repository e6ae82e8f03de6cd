import type { GapReason, Provenance } from '../../shared/model/domain.ts';
import type { PowerSample } from './mean-power.ts';

/** Energy of one domain over one stretch of monotonic time. `lowJoules ≤ joules ≤ highJoules`. */
export interface Interval {
  readonly domainId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly joules: number;
  /** By the sensor's documented error or the model's spread alone, which do not average out. */
  readonly lowJoules: number;
  readonly highJoules: number;
  /** J²: what sampling leaves open, independent from one interval to the next. */
  readonly varianceJoules2: number;
  /** Between these the power lay lately, at any moment: for a cut through the interval. */
  readonly lowWatts: number;
  readonly highWatts: number;
  /** Instant power within it, in the order of time; empty where only the whole is known. */
  readonly samples: readonly PowerSample[];
  /** Its energy up to moments within it, where means that ended at these tell; in the order of time. */
  readonly course: readonly CoursePoint[];
  /** The most that the readings at its ends may be off their times. */
  readonly lagSeconds: number;
  readonly provenance: Provenance;
  /** What the domain's counter stood at when it ended, for whoever goes on from there; null where there is none, or power samples speak for time that it may have counted too. */
  readonly endCounterJoules: number | null;
}

/** Joules from an interval's beginning to a moment of it. */
export interface CoursePoint {
  readonly atMs: number;
  readonly joules: number;
  /** J²: what stays open of it. */
  readonly varianceJoules2: number;
}

/** `isBridged`: nothing was read, but what was drawn meanwhile is known by the counter's difference, or by the power samples where the counter was reset. */
export interface MeterGap {
  readonly domainId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: GapReason;
  readonly isBridged: boolean;
}
