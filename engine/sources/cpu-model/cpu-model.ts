/** What the model needs to know of a CPU; of all sockets together. */
export interface CpuModelInput {
  readonly tdpWatts: number;
  /** Physical cores × base clock, summed over all cores, in GHz. */
  readonly coreGhz: number;
}

/** Coefficients of the fit in docs/methodology.md, 'CPU model'. */
const idleShareOfTdp = 0.1;
const wattsPerCoreGhz = 3.0;
const loadExponent = 2 / 3;

/**
 * Package power at a load of 0…1: P = 0.10 TDP + 3.0 W × cores × GHz × load^(2/3).
 * Concave, as measured CPUs are: half load draws far more than half of the active power.
 */
export function estimateCpuWatts(input: CpuModelInput, loadRatio: number): number {
  const load = Math.min(1, Math.max(0, loadRatio));
  return idleShareOfTdp * input.tdpWatts + wattsPerCoreGhz * input.coreGhz * load ** loadExponent;
}
