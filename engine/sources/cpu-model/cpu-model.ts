/** What the model needs to know of a CPU; of all sockets together. */
export interface CpuModelInput {
  readonly tdpWatts: number;
  /** Physical cores × base clock, summed over all cores, in GHz. */
  readonly coreGhz: number;
}

export interface CpuModelCoefficients {
  readonly idleShareOfTdp: number;
  readonly wattsPerCoreGhz: number;
}

/** Idle and full package power as a meter saw them on this machine. */
export interface CalibratedEnds {
  readonly idleWatts: number;
  readonly fullWatts: number;
}

/** Share of the active power that a load draws, 0…1. */
export type LoadShape = (loadRatio: number) => number;

/** What `fitCpuModel` gives on every measured machine, to four decimals: docs/methodology.md, 'CPU model'. A test holds the two together. */
export const cpuModelCoefficients: CpuModelCoefficients = { idleShareOfTdp: 0.0924, wattsPerCoreGhz: 2.9129 };

const shapeExponent = 1.4;

/**
 * 2x − x^1.4 of a load of 0…1: from 0 to 1, never falling, concave as measured CPUs are (half load draws 62 % of the active power). Published with its
 * exponent by Fan, Weber, Barroso, 'Power Provisioning for a Warehouse-sized Computer' (ISCA 2007): nothing of it is fitted here.
 */
export const loadShape: LoadShape = (loadRatio) => {
  const load = Math.min(1, Math.max(0, loadRatio));
  return 2 * load - load ** shapeExponent;
};

/** Package power at a load of 0…1, in watts: a · TDP + k · cores · GHz · (2x − x^1.4). */
export function estimateCpuWatts(
  input: CpuModelInput,
  loadRatio: number,
  { idleShareOfTdp, wattsPerCoreGhz }: CpuModelCoefficients = cpuModelCoefficients,
): number {
  return idleShareOfTdp * input.tdpWatts + wattsPerCoreGhz * input.coreGhz * loadShape(loadRatio);
}

/** Package power at a load of 0…1 between two ends that were measured: idle + (full − idle) · (2x − x^1.4). */
export const interpolateCpuWatts = ({ idleWatts, fullWatts }: CalibratedEnds, loadRatio: number): number =>
  idleWatts + (fullWatts - idleWatts) * loadShape(loadRatio);
