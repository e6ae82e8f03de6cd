import { isSummed } from '../../shared/model/domain.ts';
import { type DomainState, shownWatts } from '../measuring/domain-state.ts';
import type { BasisPart } from './calibration-book.ts';

/** The machine's own sum as a calibration takes it. */
export interface MachineSum {
  /** Null where a part has no reading that should have one: what is left would not be the sum that was calibrated. */
  readonly powerWatts: number | null;
  /** The CPU's part of it. */
  readonly cpuWatts: number | null;
  /** What the CPU model says of a CPU with nothing to do; null where the CPU is not modelled. */
  readonly cpuIdleWatts: number | null;
  readonly parts: readonly BasisPart[];
}

/** A device that sleeps draws next to nothing and belongs to the sum; one that is lost leaves none. */
export function machineSum(states: Iterable<DomainState>): MachineSum {
  const summed = [...states].filter((state) => isSummed(state.domain.kind) && state.reading !== null);
  const isAsleep = (state: DomainState): boolean => state.reading?.missing?.reason === 'asleep';
  const cpus = summed.filter((state) => state.domain.kind === 'cpu');
  const modelled = cpus.filter((state) => state.domain.source === 'cpu-model');
  const awake = summed.filter((state) => !isAsleep(state));
  return {
    powerWatts: awake.length === 0 ? null : wholeSum(awake.map(shownWatts)),
    cpuWatts: cpus.length === 0 ? null : wholeSum(cpus.map(shownWatts)),
    cpuIdleWatts: modelled.length === 0 ? null : wholeSum(modelled.map((state) => state.reading?.idleWatts ?? null)),
    parts: summed.map(({ domain }) => ({ domainId: domain.id, source: domain.source })),
  };
}

/** Null where one of them is. */
function wholeSum(watts: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of watts) {
    if (value === null) return null;
    sum += value;
  }
  return sum;
}
