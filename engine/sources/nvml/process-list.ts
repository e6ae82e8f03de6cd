import { microsecondsFromMs, ratioFromPercent } from '../../../shared/units.ts';
import type { GpuProcess, SourceContext } from '../source.ts';
import { type Asked, type Asker, whenAsked } from './ask.ts';
import {
  type Handle,
  isForGood,
  type NvmlLibrary,
  type NvmlProcess,
  type NvmlProcessUtilization,
  type NvmlResult,
} from './nvml-api.ts';

export interface ListedProcesses {
  readonly processes: readonly GpuProcess[];
  readonly askedAtMs: number;
}

export interface ProcessList {
  /** The list, asked anew where it is older than its period. Null where the driver does not tell. */
  read(device: Handle): Asked<ListedProcesses | null>;
  latest(): ListedProcesses | null;
}

const usualPeriodMs = 900;
const slowPeriodMs = 4900;
/** A list that takes longer than this is asked every 5 s: on some drivers it walks all clients under a lock. */
const slowMs = 20;
/** Without a new sample a process's share stands for this long, as the driver's samples come in batches. */
const shareMemoryMs = 5000;
/** Without a new list the one before stands for this long. */
const listMemoryMs = 15_000;
const newestWindowMicroseconds = 1_000_000;
/** Samples of the future are garbage; so much is allowed for two clocks. */
const aheadMicroseconds = 2_000_000;

/**
 * Processes of one device with their share of the SMs: those with a compute context (nvmlDeviceGetComputeRunningProcesses: CUDA, and MPS by its server), and
 * while a run is on the others that the SMs did something for, which only draw.
 */
export function createProcessList(
  library: NvmlLibrary,
  asker: Asker,
  { clock, isRunOn, isPid }: Pick<SourceContext, 'clock' | 'isRunOn' | 'isPid'>,
): ProcessList {
  let latest: ListedProcesses | null = null;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let periodMs = usualPeriodMs;
  let seenMicroseconds = 0;
  let shares: ReadonlyMap<number, number> = new Map();
  let sharesAtMs = Number.NEGATIVE_INFINITY;

  type Shares = ReadonlyMap<number, number> | null;

  function readShares(device: Handle): Asked<Shares> {
    // The driver stamps its samples by the wall clock. Where that was set back, none would be newer than what was seen for as long as it lies back.
    if (seenMicroseconds > microsecondsFromMs(clock.unixMs()) + aheadMicroseconds) seenMicroseconds = 0;
    return whenAsked(asker.ask(library.processUtilization, device, seenMicroseconds), sharesBy);
  }

  function sharesBy(result: NvmlResult<readonly NvmlProcessUtilization[]>): Shares {
    const nowMs = clock.monotonicMs();
    if (result.kind === 'code' && isForGood(result.code)) return null;
    const samples = result.kind === 'value' ? result.value : [];
    const valid = validSamples(samples, seenMicroseconds, microsecondsFromMs(clock.unixMs()));
    if (valid.length > 0) {
      seenMicroseconds = newestOf(valid);
      shares = sharesOf(valid);
      sharesAtMs = nowMs;
    }
    return nowMs - sharesAtMs <= shareMemoryMs ? shares : null;
  }

  function processesOf(listed: readonly NvmlProcess[], known: Shares): readonly GpuProcess[] {
    const processes = listed.map((process) => processOf(process, known));
    known?.forEach((smRatio, pid) => {
      if (smRatio > 0 && isPid(pid) && listed.every((process) => process.pid !== pid))
        processes.push({ pid, name: null, memoryUsedBytes: null, smRatio, isOffComputeList: true });
    });
    return processes;
  }

  /** One that fails this once is asked again at the next tick: until then those who were there are. */
  function withoutList(code: number): ListedProcesses | null {
    askedAtMs = Number.NEGATIVE_INFINITY;
    const isOld = latest === null || clock.monotonicMs() - latest.askedAtMs > listMemoryMs;
    if (isForGood(code) || isOld) latest = null;
    return latest;
  }

  return {
    latest: () => latest,
    read(device) {
      const startedMs = clock.monotonicMs();
      if (startedMs - askedAtMs < periodMs) return latest;
      askedAtMs = startedMs;
      return whenAsked<NvmlResult<readonly NvmlProcess[]>, ListedProcesses | null>(
        asker.ask(library.computeProcesses, device),
        (listed) => {
          if (listed.kind === 'code') return withoutList(listed.code);
          const isShareWanted = listed.value.length > 0 || isRunOn();
          return whenAsked(isShareWanted ? readShares(device) : null, (known) => {
            latest = { processes: processesOf(listed.value, known), askedAtMs: startedMs };
            periodMs = clock.monotonicMs() - startedMs > slowMs ? slowPeriodMs : usualPeriodMs;
            return latest;
          });
        },
      );
    },
  };
}

const processOf = (process: NvmlProcess, shares: ReadonlyMap<number, number> | null): GpuProcess => ({
  pid: process.pid,
  name: null,
  memoryUsedBytes: process.usedGpuMemoryBytes,
  // While others have samples, one without did not run.
  smRatio: shares === null ? null : (shares.get(process.pid) ?? 0),
});

/**
 * The driver's buffer holds garbage beside samples: shares over 100 %, pid 0, samples seen before (nvtop, extract_gpuinfo_nvidia.c, 'bug #110'). The
 * first time it is the whole buffer: then of what is left the newest second.
 */
function validSamples(
  samples: readonly NvmlProcessUtilization[],
  seenMicroseconds: number,
  nowMicroseconds: number,
): readonly NvmlProcessUtilization[] {
  const fresh = samples.filter(
    ({ pid, smPercent, timeStampMicroseconds }) =>
      pid !== 0 &&
      smPercent <= 100 &&
      timeStampMicroseconds > seenMicroseconds &&
      timeStampMicroseconds <= nowMicroseconds + aheadMicroseconds,
  );
  if (seenMicroseconds > 0) return fresh;
  const newest = newestOf(fresh);
  return fresh.filter((sample) => sample.timeStampMicroseconds > newest - newestWindowMicroseconds);
}

const newestOf = (samples: readonly NvmlProcessUtilization[]): number =>
  samples.reduce((newest, sample) => Math.max(newest, sample.timeStampMicroseconds), Number.NEGATIVE_INFINITY);

/** Mean of each process's samples. */
function sharesOf(samples: readonly NvmlProcessUtilization[]): ReadonlyMap<number, number> {
  const sums = new Map<number, { percent: number; count: number }>();
  for (const { pid, smPercent } of samples) {
    const sum = sums.get(pid) ?? { percent: 0, count: 0 };
    sum.percent += smPercent;
    sum.count++;
    sums.set(pid, sum);
  }
  const shares = new Map<number, number>();
  sums.forEach(({ percent, count }, pid) => {
    shares.set(pid, ratioFromPercent(percent / count));
  });
  return shares;
}
