import { type HeldBackReason, type HeldBackSeconds, heldBackReasons } from '../../../shared/model/health.ts';
import { secondsFromMs, secondsFromNanoseconds } from '../../../shared/units.ts';
import { isHeldBack } from '../nvidia/nvidia-facts.ts';

/** What one round knows of a device that is held back. */
export interface HeldBackLook {
  readonly atMs: number;
  /** The driver's own counters (perf policies power and thermal); null where it has none. */
  readonly powerNanoseconds: number | null;
  readonly thermalNanoseconds: number | null;
  /** nvmlClocksEventReasons of this moment; null where the driver does not tell. */
  readonly reasonBits: number | null;
}

export interface HeldBackTally {
  step(look: HeldBackLook): HeldBackSeconds | null;
}

/** A longer time between two looks is not credited to what the later one saw. */
const longestLookMs = 5000;

/**
 * Seconds held back, by reason: the driver's counter where there is one, else the time between looks at which the reason's bit was set, counted since
 * the source was opened. For hardware slowdown the latter always: its counter's field id (253) means something else in other drivers (270 there), and
 * a wrong one would be believed. Null where a reason can be told in neither way.
 */
export function createHeldBackTally(): HeldBackTally {
  const sampledSeconds: Record<HeldBackReason, number> = { 'power-cap': 0, heat: 0, 'hardware-slowdown': 0 };
  const countedSeconds: Partial<Record<HeldBackReason, number>> = {};
  let lastMs: number | null = null;

  return {
    step(look) {
      const elapsedMs = lastMs === null ? 0 : look.atMs - lastMs;
      lastMs = look.atMs;
      const { reasonBits } = look;
      if (reasonBits !== null && elapsedMs <= longestLookMs)
        for (const reason of heldBackReasons)
          if (isHeldBack(reasonBits, reason)) sampledSeconds[reason] += secondsFromMs(elapsedMs);
      const told = (nanoseconds: number | null, reason: HeldBackReason): number | null => {
        if (nanoseconds !== null) countedSeconds[reason] = secondsFromNanoseconds(nanoseconds);
        const counted = countedSeconds[reason];
        // A counter that cannot be read this once goes on: what it counts meanwhile is in its next value.
        if (counted !== undefined) return counted;
        return reasonBits === null ? null : sampledSeconds[reason];
      };
      const powerCap = told(look.powerNanoseconds, 'power-cap');
      const heat = told(look.thermalNanoseconds, 'heat');
      const hardwareSlowdown = told(null, 'hardware-slowdown');
      if (powerCap === null || heat === null || hardwareSlowdown === null) return null;
      return { 'power-cap': powerCap, heat, 'hardware-slowdown': hardwareSlowdown };
    },
  };
}
