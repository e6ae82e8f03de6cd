import type { Domain, GapReason, Provenance } from '../../shared/model/domain.ts';
import type { Remedy } from '../../shared/model/sensors.ts';
import type { Clock } from '../clock/clock.ts';
import type { Timeline } from '../clock/timeline.ts';

/**
 * A sensor's documented error: the truth lies between `lowRatio` × P − `offsetWatts` and `highRatio` × P + `offsetWatts`.
 * Where the numbers come from stands in docs/methodology.md, 'Bounds'.
 */
export interface SensorError {
  readonly lowRatio: number;
  readonly highRatio: number;
  readonly offsetWatts: number;
}

export interface GpuProcess {
  readonly pid: number;
  readonly name: string | null;
  readonly memoryUsedBytes: number | null;
  /** Share of the SMs' time over the last second, 0…1; null where the driver does not tell. */
  readonly smRatio: number | null;
}

/** One domain at one moment, as a source read it. Null is 'not known', never zero. */
export interface SourceReading {
  readonly domain: Domain;
  /** Monotonic time the values belong to: for an averaged power the end of its window. */
  readonly atMs: number;
  readonly powerWatts: number | null;
  /** Length of the window that `powerWatts` is the mean of; 0 for an instant sample. */
  readonly powerWindowSeconds: number;
  readonly counterJoules: number | null;
  /** The value at which the counter starts again from 0; null where it does not wrap. */
  readonly counterRangeJoules: number | null;
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
  /** Processes that use the device; null where that cannot be told (permission, WDDM, foreign PID namespace). */
  readonly processes: readonly GpuProcess[] | null;
  /** Monotonic time at which `processes` was asked for; null where there is no list. */
  readonly processesAtMs: number | null;
  /** Set where there is no trustworthy reading now; then every value above is null. */
  readonly missing: { readonly reason: GapReason; readonly note: string } | null;
}

export const unknownValues = {
  powerWatts: null,
  powerWindowSeconds: 0,
  counterJoules: null,
  counterRangeJoules: null,
  idleWatts: null,
  utilizationRatio: null,
  memoryUsedBytes: null,
  memoryTotalBytes: null,
  temperatureCelsius: null,
  clockMegahertz: null,
  memoryClockMegahertz: null,
  limitWatts: null,
  throttleReasons: [],
  processes: null,
  processesAtMs: null,
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
}

/** What a source may need to know of the world it reads. */
export interface SourceContext {
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly sysfsRoot: string;
  readonly procfsRoot: string;
  readonly periodSeconds: () => number;
  readonly log: (message: string) => void;
}

/** Parts of the machine of which only one source may speak, so that nothing is counted twice. */
export type Coverage = 'nvidia-gpu' | 'cpu' | 'memory' | 'simulated';

export type ProbeResult =
  | {
      readonly kind: 'available';
      readonly covers: readonly Coverage[];
      readonly how: string;
      readonly open: () => Promise<Source>;
    }
  /** `isMendable`: the hardware is there and a command of `remedies` opens it. */
  | {
      readonly kind: 'unavailable';
      readonly reason: string;
      readonly isMendable: boolean;
      readonly remedies: readonly Remedy[];
    };

export interface Source {
  readonly domains: () => readonly Domain[];
  /**
   * New readings since the last call; none when nothing new came. Throws WattrunError('source/…') when the whole source fails.
   * The sampler never calls it again before the last call ended.
   */
  read(signal: AbortSignal): Promise<readonly SourceReading[]>;
  close(): Promise<void>;
}

export interface SourceDefinition {
  readonly descriptor: SourceDescriptor;
  /** Never throws, never takes longer than its own time limits. */
  probe(context: SourceContext): Promise<ProbeResult>;
}

export const unavailable = (reason: string, remedies: readonly Remedy[] = []): ProbeResult => ({
  kind: 'unavailable',
  reason,
  isMendable: remedies.length > 0,
  remedies,
});
