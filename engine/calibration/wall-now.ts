import type { LiveWall } from '../../shared/model/calibration.ts';
import { type DomainState, shownWatts } from '../measuring/domain-state.ts';
import type { SensorError } from '../sources/source.ts';
import type { WallEstimate } from './wall-line.ts';

/** A wattmeter that answers. */
export interface AnsweringMeter {
  readonly name: string;
  readonly powerWatts: number;
  readonly error: SensorError;
  /** Monotonic time up to which its power is told; null for one that is asked anew every second or so. */
  readonly toldToMs: number | null;
}

/** A meter that may rest for longer than this between two readings tells a mean of times gone by. */
const longestFreshSeconds = 10;

const prefix = 'wall:';
export const meterNameOf = (domainId: string): string =>
  domainId.startsWith(prefix) ? domainId.slice(prefix.length) : domainId;

/** In the order of the settings. */
export function answeringMeters(states: Iterable<DomainState>): readonly AnsweringMeter[] {
  return [...states]
    .filter(({ domain }) => domain.kind === 'wall')
    .sort((a, b) => a.domain.index - b.domain.index)
    .flatMap((state) => {
      const powerWatts = shownWatts(state);
      if (powerWatts === null || state.reading === null) return [];
      const { atMs, restSeconds, error } = state.reading;
      const toldToMs = restSeconds > longestFreshSeconds ? atMs : null;
      return [{ name: meterNameOf(state.domain.id), powerWatts, error, toldToMs }];
    });
}

/**
 * The machine at the wall: the first meter of the settings that answers, else what its calibrated line says. Meters are not added up: two in a row, a plug
 * behind a power strip's, would count the machine twice.
 */
export function wallNow(meters: readonly AnsweringMeter[], estimate: WallEstimate | null): LiveWall | null {
  const [meter] = meters;
  if (meter === undefined) return estimate === null ? null : { ...estimate, isMeasured: false, meter: null };
  const { powerWatts, error } = meter;
  return {
    powerWatts,
    lowWatts: Math.max(0, powerWatts * error.lowRatio - error.offsetWatts),
    highWatts: powerWatts * error.highRatio + error.offsetWatts,
    isMeasured: true,
    meter: meter.name,
  };
}
