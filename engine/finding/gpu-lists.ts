import { type GpuProcess, isComputing, type SourceReading } from '../sources/source.ts';
import { busyRatio } from './sustained-use.ts';

/** The newest list of processes of every GPU. */
export interface GpuLists {
  take(readings: readonly SourceReading[]): void;
  pids(): ReadonlySet<number>;
  /** Those of which no driver says that they compute, and one that they only draw. */
  onlyDrawing(): ReadonlySet<number>;
  /** Whether one of these does something on a GPU; null where no driver tells. */
  isBusy(pids: ReadonlySet<number>): boolean | null;
}

interface GpuList {
  readonly processes: readonly GpuProcess[];
  readonly utilizationRatio: number | null;
}

/** What a driver's list of all that compute is without does not train, whatever program it is. */
const mayCompute = ({ isOffComputeList }: GpuProcess): boolean => isOffComputeList !== true;

export function createGpuLists(): GpuLists {
  const lists = new Map<string, GpuList>();
  return {
    take(readings) {
      for (const { domain, processes, utilizationRatio } of readings)
        if (processes !== null) lists.set(domain.id, { processes: processes.filter(mayCompute), utilizationRatio });
    },
    pids() {
      const pids = new Set<number>();
      for (const { processes } of lists.values()) for (const { pid } of processes) pids.add(pid);
      return pids;
    },
    onlyDrawing() {
      const all = [...lists.values()].flatMap((list) => list.processes);
      const computing = new Set(all.filter(isComputing).map(({ pid }) => pid));
      return new Set(all.flatMap(({ pid }) => (computing.has(pid) ? [] : pid)));
    },
    isBusy(pids) {
      let isTold = false;
      for (const { processes, utilizationRatio } of lists.values())
        for (const { pid, smRatio } of processes) {
          const ratio = pids.has(pid) ? (smRatio ?? utilizationRatio) : null;
          if (ratio !== null && ratio > busyRatio) return true;
          isTold ||= ratio !== null;
        }
      return isTold ? false : null;
    },
  };
}
