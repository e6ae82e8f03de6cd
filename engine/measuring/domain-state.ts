import type { Domain } from '../../shared/model/domain.ts';
import type { DeviceState } from '../../shared/model/live.ts';
import { msFromSeconds } from '../../shared/units.ts';
import { type IdleBaseline, unknownIdle } from '../attribution/idle-baseline.ts';
import type { Interval } from '../energy/interval.ts';
import { initialMeter, type MeterOptions, type MeterState } from '../energy/meter-state.ts';
import { mostWattsOf } from '../energy/most-watts.ts';
import { isComputing, type SourceReading } from '../sources/source.ts';
import { type CounterCheck, createCounterCheck } from './counter-check.ts';
import type { UserList } from './user-lists.ts';

/** What is known of a domain now. Mutable: one lives as long as the engine. */
export interface DomainState {
  domain: Domain;
  meter: MeterState;
  reading: SourceReading | null;
  /** Mean power of the newest interval; null before the first one and after a gap. */
  intervalWatts: number | null;
  /** Lowest mean power seen. */
  lowestWatts: number | null;
  idle: IdleBaseline;
  readonly check: CounterCheck;
  /** Lists of its processes, oldest first: those that tell of time that is not divided yet, and the newest. */
  lists: readonly UserList[];
  /** Intervals that are not divided among runs yet. */
  unattributed: readonly WaitingInterval[];
  state: DeviceState;
  stateSinceUnixMs: number;
}

/** An interval whose users are not known yet, and the tick that has it on record, Unix ms. */
export interface WaitingInterval {
  readonly interval: Interval;
  readonly tickMs: number;
}

export const createDomainState = (domain: Domain, unixMs: number): DomainState => ({
  domain,
  meter: initialMeter,
  reading: null,
  intervalWatts: null,
  lowestWatts: null,
  idle: unknownIdle,
  check: createCounterCheck(),
  lists: [],
  unattributed: [],
  state: 'unmeasured',
  stateSinceUnixMs: unixMs,
});

/** Two samples further apart than this, and than two and a half periods, leave a gap. */
const leastStepMs = 2500;
/** A counter that was not read for longer may have been reset and have caught up. */
const longestBridgeMs = 10 * 60_000;
export function meterOptionsOf(domain: Domain, periodSeconds: number): MeterOptions {
  const periodMs = msFromSeconds(periodSeconds);
  return {
    periodMs,
    longestStepMs: Math.max(2.5 * periodMs, leastStepMs),
    longestBridgeMs,
    maxWatts: mostWattsOf(domain),
  };
}

/** A reading without powers that the domain cannot draw (65,535 W of a register that was not read): what the meter does not believe is not shown either. */
export function withPossiblePower(reading: SourceReading): SourceReading {
  const mostWatts = mostWattsOf(reading.domain);
  const { powerWatts, instantWatts } = reading;
  const isPossible = (watts: number | null): boolean => watts === null || (watts >= 0 && watts <= mostWatts);
  if (isPossible(powerWatts) && isPossible(instantWatts)) return reading;
  return {
    ...reading,
    powerWatts: isPossible(powerWatts) ? powerWatts : null,
    instantWatts: isPossible(instantWatts) ? instantWatts : null,
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
  if (reading.missing !== null) return reading.missing.reason === 'asleep' ? 'asleep' : 'lost';
  if (reading.throttleReasons.some(isThrottle)) return 'throttled';
  if ((reading.utilizationRatio ?? 0) > busyRatio) return 'busy';
  if (state.domain.kind === 'gpu' && reading.processes?.some(isComputing) === true) return 'held-idle';
  if (reading.utilizationRatio === null && state.domain.kind !== 'gpu') return 'busy';
  return 'idle';
}

/** Whether what is on record of a domain still tells of it. Its limit, which a laptop's driver moves every few seconds, is no news there. */
export const isSameOnRecord = (a: Domain, b: Domain): boolean =>
  a === b ||
  (a.name === b.name &&
    a.label === b.label &&
    a.index === b.index &&
    a.memoryTotalBytes === b.memoryTotalBytes &&
    a.source === b.source &&
    a.provenance === b.provenance &&
    a.cannotBeSplit === b.cannotBeSplit &&
    a.gain?.lowRatio === b.gain?.lowRatio &&
    a.gain?.highRatio === b.gain?.highRatio);
