import type { Domain } from '../../shared/model/domain.ts';
import type { DeviceState } from '../../shared/model/live.ts';
import { msFromSeconds } from '../../shared/units.ts';
import { type Interval, initialMeter, type MeterOptions, type MeterState } from '../energy/meter.ts';
import type { SourceReading } from '../sources/source.ts';

/** What is known of a domain now. Mutable: one lives as long as the engine. */
export interface DomainState {
  domain: Domain;
  meter: MeterState;
  reading: SourceReading | null;
  /** Mean power of the newest interval; null before the first one and after a gap. */
  intervalWatts: number | null;
  /** Lowest mean power seen, for splitting idle from active energy where the source does not know it. */
  lowestWatts: number | null;
  processesBefore: SourceReading['processes'];
  /** Intervals that are not divided among runs yet. */
  unattributed: Interval[];
  state: DeviceState;
  stateSinceUnixMs: number;
}

export const createDomainState = (domain: Domain, unixMs: number): DomainState => ({
  domain,
  meter: initialMeter,
  reading: null,
  intervalWatts: null,
  lowestWatts: null,
  processesBefore: [],
  unattributed: [],
  state: 'unmeasured',
  stateSinceUnixMs: unixMs,
});

/** More than a domain of its kind ever draws, where it does not say its limit. */
const mostWatts: Readonly<Record<Domain['kind'], number>> = {
  gpu: 2500,
  cpu: 1500,
  dram: 1500,
  platform: 10_000,
  module: 5000,
  wall: 100_000,
  other: 100_000,
};
/** Limits are averages over a while: short stretches go above them. */
const limitHeadroom = 1.5;

export function meterOptionsOf(domain: Domain, periodSeconds: number): MeterOptions {
  return {
    maxStepMs: Math.max(3 * msFromSeconds(periodSeconds), 10_000),
    maxWatts: domain.limitWatts === null ? mostWatts[domain.kind] : domain.limitWatts * limitHeadroom,
  };
}

/**
 * Power to show: the mean since the reading before, so that what is shown and what is booked agree; the sensor's own word until there is one; null with no
 * reading.
 */
export function shownWatts(state: DomainState): number | null {
  if (state.reading === null || state.reading.missing !== null) return null;
  return state.intervalWatts ?? state.reading.powerWatts;
}

const busyRatio = 0.02;
/** Clock-event reasons that mean the device is held back against its will; a power cap is a choice. */
const isThrottle = (reason: string): boolean => reason !== 'power cap';

export function deviceStateOf(state: DomainState): DeviceState {
  const { reading } = state;
  if (reading === null) return 'unmeasured';
  if (reading.missing !== null) return 'lost';
  if (reading.throttleReasons.some(isThrottle)) return 'throttled';
  if ((reading.utilizationRatio ?? 0) > busyRatio) return 'busy';
  if (state.domain.kind === 'gpu' && (reading.processes ?? []).length > 0) return 'held-idle';
  if (reading.utilizationRatio === null && state.domain.kind !== 'gpu') return 'busy';
  return 'idle';
}
