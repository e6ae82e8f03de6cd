import type { Domain, GapReason, Provenance } from '../../shared/model/domain.ts';
import type { DeviceHealth, HeldBackReason } from '../../shared/model/health.ts';
import type { Remedy } from '../../shared/model/sensors.ts';
import type { Settings } from '../../shared/model/settings.ts';
import type { Clock } from '../clock/clock.ts';
import type { Timeline } from '../clock/timeline.ts';
import type { PowerSample } from '../energy/mean-power.ts';

/**
 * A sensor's documented error or a model's spread: the truth lies between `lowRatio` × P − `offsetWatts` and `highRatio` × P + `offsetWatts`. A single
 * sensor's gain error, which nobody documents, stands apart: `Domain.gain`. Where the numbers come from: docs/methodology.md, 'Bounds'.
 */
export interface SensorError {
  readonly lowRatio: number;
  readonly highRatio: number;
  readonly offsetWatts: number;
}

/** The error of a sensor with so many watts more either way. */
export const withOffset = (error: SensorError, watts: number): SensorError =>
  watts === 0 ? error : { ...error, offsetWatts: error.offsetWatts + watts };

/** Of a reading whose only error is the sensor's own gain, which stands apart. */
export const exactReading: SensorError = { lowRatio: 1, highRatio: 1, offsetWatts: 0 };

export interface GpuProcess {
  readonly pid: number;
  readonly name: string | null;
  readonly memoryUsedBytes: number | null;
  /** Share of the SMs' time over the last second, 0…1; null where the driver does not tell. */
  readonly smRatio: number | null;
  /** True where the driver tells that it has used none of the engines that compute alone: a game, a window. Left out where it does not tell. */
  readonly isOnlyDrawing?: boolean;
  /** True where the driver lists all that compute, and not this one, which the GPU did something for. */
  readonly isOffComputeList?: boolean;
}

export const isComputing = ({ isOnlyDrawing, isOffComputeList }: GpuProcess): boolean =>
  isOnlyDrawing !== true && isOffComputeList !== true;

/** A counter at a moment at which its hardware renewed it, known to within `counterLagSeconds`. */
export interface CounterRenewal {
  readonly atMs: number;
  readonly counterJoules: number;
  readonly counterLagSeconds: number;
}

/** One domain at one moment, as a source read it. Null is 'not known', never zero. */
export interface SourceReading {
  readonly domain: Domain;
  /** Monotonic time the values belong to: for an averaged power the end of its window. */
  readonly atMs: number;
  readonly powerWatts: number | null;
  /** Length of the window that `powerWatts` is the mean of; 0 for an instant sample. */
  readonly powerWindowSeconds: number;
  /** Standard error of `powerWatts` as the mean of its window, where it is the mean of samples that do not cover it; 0 for a true mean or an instant sample. */
  readonly powerStandardErrorWatts: number;
  /** Newest instant power, for peaks and alerts, where the source has one beside an average. */
  readonly instantWatts: number | null;
  /** Instant power since the reading before, in the order of time: it tells where in between the energy was drawn. Empty where nothing does. */
  readonly samples: readonly PowerSample[];
  /** Means of windows as long as this one's that ended since the reading before, in the order of time: where the source is read at a finer pace than ours. */
  readonly earlierMeans: readonly PowerSample[];
  readonly counterJoules: number | null;
  /** The most that the counter may be older than `atMs`: the period at which the hardware refreshes it. */
  readonly counterLagSeconds: number;
  /** The value at which the counter starts again from 0; null where it does not wrap. */
  readonly counterRangeJoules: number | null;
  /** The counter's renewal before the one that `counterJoules` is, where both are known exactly: at a run's edge. */
  readonly renewalBefore: CounterRenewal | null;
  readonly error: SensorError;
  /** Draw with nothing to do, where the source knows it; null: learned from what is seen. */
  readonly idleWatts: number | null;
  readonly utilizationRatio: number | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryTotalBytes: number | null;
  readonly temperatureCelsius: number | null;
  readonly clockMegahertz: number | null;
  readonly memoryClockMegahertz: number | null;
  readonly limitWatts: number | null;
  readonly throttleReasons: readonly string[];
  /** Seconds held back since the driver was loaded, by reason: counters that only grow. Null where the driver has none. */
  readonly heldBackSeconds: Readonly<Record<HeldBackReason, number>> | null;
  readonly health: DeviceHealth | null;
  /** Processes that use the device; null where that cannot be told (permission, WDDM, foreign PID namespace). */
  readonly processes: readonly GpuProcess[] | null;
  /** Monotonic time at which `processes` was asked for; null where there is no list. */
  readonly processesAtMs: number | null;
  /** Above 0 where the source leaves the device alone for so long between two readings, so that it may fall asleep: no gap lies in that. */
  readonly restSeconds: number;
  /** The source waited so long for a driver that hung. A gap that ends with this reading is of that. */
  readonly waitedSeconds: number;
  /** Set where there is no trustworthy reading now; then every value above is null. */
  readonly missing: { readonly reason: GapReason; readonly note: string } | null;
}

export const unknownValues = {
  powerWatts: null,
  powerWindowSeconds: 0,
  powerStandardErrorWatts: 0,
  instantWatts: null,
  samples: [],
  earlierMeans: [],
  counterJoules: null,
  counterLagSeconds: 0,
  counterRangeJoules: null,
  renewalBefore: null,
  idleWatts: null,
  utilizationRatio: null,
  memoryUsedBytes: null,
  memoryTotalBytes: null,
  temperatureCelsius: null,
  clockMegahertz: null,
  memoryClockMegahertz: null,
  limitWatts: null,
  throttleReasons: [],
  heldBackSeconds: null,
  health: null,
  processes: null,
  processesAtMs: null,
  restSeconds: 0,
  waitedSeconds: 0,
  missing: null,
} as const satisfies Partial<SourceReading>;

export interface SourceDescriptor {
  readonly id: string;
  readonly label: string;
  /** What it can measure, in words for the Sensors view. */
  readonly measures: string;
  readonly provenance: Provenance;
  /** Shell command that shows the same number. */
  readonly sameNumberCommand: string;
  readonly isSimulated?: boolean;
  /** Id of a better source for the same part: this one is looked for only where that one is not there, for looking costs a process. */
  readonly standsInFor?: string;
}

export interface LearnedFacts {
  /** Undefined where nothing was learned under that key. Parse what comes: another version may have written it. */
  read(key: string): unknown;
  write(key: string, value: unknown): void;
}

/** What a source may need to know of the world it reads. */
export interface SourceContext {
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly sysfsRoot: string;
  readonly procfsRoot: string;
  readonly periodSeconds: () => number;
  /** True while a run is on: then the moments at which energy is drawn matter, and a source may ask more often. */
  readonly isRunOn: () => boolean;
  /** True while a run is on that began, or gave a mark, in the last five minutes: a stretch so short may end at any moment, and where in a second its energy was drawn counts. */
  readonly isFineTimeWanted: () => boolean;
  /** Whether a process with this number is there. False too where a driver may mean another one by it, in a PID namespace of a container's own. */
  readonly isPid: (pid: number) => boolean;
  readonly settings: () => Settings;
  /** What was learned of this machine and outlives the engine: idle baselines, calibrations. Values are JSON. */
  readonly learned: LearnedFacts;
  readonly log: (message: string) => void;
}

/** Parts of the machine of which only one source may speak, so that nothing is counted twice. */
export type Coverage =
  | 'nvidia-gpu'
  | 'amd-gpu'
  | 'intel-gpu'
  | 'apple-gpu'
  | 'cpu'
  | 'memory'
  | 'platform'
  | `wall:${string}`
  | 'simulated';

/** Versions of what drives GPUs. */
export interface GpuDriver {
  readonly version: string | null;
  /** The newest CUDA it supports: '13.0'. */
  readonly cudaVersion: string | null;
}

export type ProbeResult =
  | {
      readonly kind: 'available';
      readonly covers: readonly Coverage[];
      readonly how: string;
      readonly open: () => Promise<Source>;
    }
  /**
   * `isMendable`: the hardware is there and a command of `remedies` opens it. `isPassing`: its tool or library is there and fails just now; it is looked
   * for again soon.
   */
  | {
      readonly kind: 'unavailable';
      readonly reason: string;
      readonly isMendable: boolean;
      readonly isPassing: boolean;
      readonly remedies: readonly Remedy[];
    };

export interface ReadOptions {
  /** A run begins or ends now, so the moment of the reading counts to the millisecond and may cost a tenth of a second. */
  readonly isEdge: boolean;
  /** When it has come, parts of the source that have not answered are no longer waited for; left out: the source knows how long it waits. */
  readonly until?: Promise<unknown>;
}

/** A part of a source that answers is closed to it. */
export interface Shortfall {
  readonly reason: string;
  readonly remedies: readonly Remedy[];
}

export interface Source {
  readonly domains: () => readonly Domain[];
  /** Of its GPUs, as far as it is known by now. */
  readonly driver?: () => GpuDriver | null;
  /** What it could measure and may not read now, with the commands that mend it; null where it reads all there is. */
  readonly shortfall?: () => Shortfall | null;
  /**
   * New readings since the last call; none when nothing new came. Throws WattrunError('source/…') when the whole source fails.
   * The sampler never calls it again before the last call ended.
   */
  read(signal: AbortSignal, options?: ReadOptions): Promise<readonly SourceReading[]>;
  close(): Promise<void>;
}

export interface SourceDefinition {
  readonly descriptor: SourceDescriptor;
  /** Never throws, never takes longer than its own time limits. */
  probe(context: SourceContext): Promise<ProbeResult>;
  /** True where its hardware, tool or library is plainly there: the start of a run waits some seconds longer for it. */
  isExpected?(context: SourceContext): boolean;
  /** True where these settings make what `probe` told before untrue: it is closed and asked anew. */
  isStale?(before: Settings, after: Settings): boolean;
}

export const unavailable = (reason: string, remedies: readonly Remedy[] = []): ProbeResult => ({
  kind: 'unavailable',
  reason,
  isMendable: remedies.length > 0,
  isPassing: false,
  remedies,
});

/** What is there and does not answer just now: a driver that starts, a GPU that is lost. */
export const failingNow = (reason: string): ProbeResult => ({
  kind: 'unavailable',
  reason,
  isMendable: false,
  isPassing: true,
  remedies: [],
});
