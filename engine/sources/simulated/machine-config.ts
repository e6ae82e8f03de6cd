import type { Clock } from '../../clock/clock.ts';
import type { MachineFacts } from '../../machine/machine.ts';
import type { SensorError, SourceReading } from '../source.ts';
import type { PowerCurve } from './power-curve.ts';
import type { SimulatedSensor } from './sensor.ts';

/** A stretch of the simulation's time: seconds since the machine opened, negative before. `toSeconds` is the first moment that is no more part of it. */
export interface Span {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

export const isOn = (span: Span, seconds: number): boolean => seconds >= span.fromSeconds && seconds < span.toSeconds;

/** Seconds of a span that lie between two moments. */
export const overlapSeconds = (span: Span, fromSeconds: number, toSeconds: number): number =>
  Math.max(0, Math.min(span.toSeconds, toSeconds) - Math.max(span.fromSeconds, fromSeconds));

/** A process of the machine. One whose use changes is several of these, one after the other, with one pid. */
export interface SimulatedProcess extends Span {
  readonly pid: number;
  readonly parentPid?: number;
  /** Share of all the machine's CPUs that it keeps busy, 0…1. */
  readonly cpuRatio: number;
  readonly residentBytes: number;
}

/** A process's use of one GPU. One whose use changes is several of these. */
export interface SimulatedGpuProcess extends Span {
  readonly pid: number;
  readonly name: string | null;
  readonly memoryUsedBytes: number | null;
  /** Share of the SMs' time while it is on; null: the driver does not tell. */
  readonly smRatio: number | null;
}

/** What a device shows besides energy. */
export type DeviceState = Partial<
  Pick<
    SourceReading,
    | 'utilizationRatio'
    | 'memoryUsedBytes'
    | 'temperatureCelsius'
    | 'clockMegahertz'
    | 'memoryClockMegahertz'
    | 'throttleReasons'
    | 'heldBackSeconds'
    | 'health'
  >
>;

export interface SimulatedGpu {
  readonly uuid: string;
  readonly name: string;
  readonly limitWatts: number;
  readonly memoryTotalBytes: number;
  readonly power: PowerCurve;
  /** Its draw with nothing to do, by which the truth is divided; the product has to learn it. */
  readonly idleWatts: number;
  readonly sensor: SimulatedSensor;
  readonly processes: readonly SimulatedGpuProcess[];
  /** In place of what follows from its processes alone. Pure. */
  readonly stateAt?: (seconds: number) => DeviceState;
}

export interface SimulatedCpu {
  readonly name: string;
  readonly limitWatts: number;
  readonly power: PowerCurve;
  /** Told with each reading. */
  readonly idleWatts: number;
  readonly sensor: SimulatedSensor;
  readonly stateAt?: (seconds: number) => DeviceState;
}

/** Memory whose power is a model: idle, and a rise with the CPUs' load. */
export interface SimulatedMemory {
  readonly name: string;
  readonly totalBytes: number;
  readonly idleWatts: number;
  /** What full load of all CPUs adds. */
  readonly activeWatts: number;
  readonly usedBytesAt: (loadRatio: number) => number;
  readonly error: SensorError;
}

/**
 * hang: the driver answers nobody until it is over, whatever the domain. lost: the device is gone. not-available: answers come, energy and power are not in
 * them. counter-reset: the counter begins anew at `fromSeconds`. stream-ends: no answers come. failed-read: each read of the domain fails.
 */
export const faultKinds = ['hang', 'lost', 'not-available', 'counter-reset', 'stream-ends', 'failed-read'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface SimulatedFault extends Span {
  readonly kind: FaultKind;
  /** Null: every domain. */
  readonly domainId: string | null;
  readonly note?: string;
}

export interface SimulatedMachineOptions {
  readonly clock: Clock;
  /** Unix time of the simulation's second 0. */
  readonly openedAtUnixMs: number;
  readonly label?: string;
  readonly gpus: readonly SimulatedGpu[];
  readonly cpus?: readonly SimulatedCpu[];
  readonly memory?: SimulatedMemory | null;
  readonly processes?: readonly SimulatedProcess[];
  readonly faults?: readonly SimulatedFault[];
  /** Share of the CPUs that is busy with no process of the above. */
  readonly backgroundRatio?: number;
  readonly facts?: Partial<MachineFacts>;
  /** The moment from which counters count. Default: the opening. */
  readonly countsFromSeconds?: number;
  readonly seed?: number;
}
