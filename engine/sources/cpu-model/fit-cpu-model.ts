import { type CpuModelCoefficients, type CpuModelInput, type LoadShape, loadShape } from './cpu-model.ts';

/** A CPU at one load, with the package power that was measured. */
export interface CpuModelPoint {
  readonly machine: string;
  readonly input: CpuModelInput;
  readonly loadRatio: number;
  readonly powerWatts: number;
}

/** A point as the line in the plane of coefficients on which its error is 0: idle · a + active · k = 1, everything over the measured watts. */
interface ExactLine {
  readonly idle: number;
  readonly active: number;
  readonly weight: number;
}

/**
 * Coefficients, neither below 0, of least mean relative error, each machine weighing the same. Exact and without a start value: the error is convex and
 * piecewise linear, so it is least where two points are met exactly, or one with the other coefficient 0. Costs the cube of the number of points.
 * Throws for fewer than two points and for a point without a positive power.
 */
export function fitCpuModel(points: readonly CpuModelPoint[], shape: LoadShape = loadShape): CpuModelCoefficients {
  if (points.length < 2 || points.some((point) => !(point.powerWatts > 0)))
    throw new RangeError('a fit needs two points or more, each with a positive power');
  const rowsOfMachine = Map.groupBy(points, (point) => point.machine);
  const lines = points.map(({ machine, input, loadRatio, powerWatts }) => ({
    idle: input.tdpWatts / powerWatts,
    active: (input.coreGhz * shape(loadRatio)) / powerWatts,
    weight: 1 / (rowsOfMachine.get(machine)?.length ?? 1),
  }));
  let best = { idleShareOfTdp: 0, wattsPerCoreGhz: 0 };
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of crossings(lines)) {
    const error = errorOf(lines, candidate, least);
    if (error < least) [best, least] = [candidate, error];
  }
  return best;
}

function* crossings(lines: readonly ExactLine[]): Generator<CpuModelCoefficients> {
  for (const [i, one] of lines.entries()) {
    yield { idleShareOfTdp: 1 / one.idle, wattsPerCoreGhz: 0 };
    if (one.active > 0) yield { idleShareOfTdp: 0, wattsPerCoreGhz: 1 / one.active };
    for (const other of lines.slice(i + 1)) {
      const determinant = one.idle * other.active - other.idle * one.active;
      const idleShareOfTdp = (other.active - one.active) / determinant;
      const wattsPerCoreGhz = (one.idle - other.idle) / determinant;
      // Parallel lines make NaN or Infinity of both.
      if (idleShareOfTdp >= 0 && wattsPerCoreGhz >= 0 && Number.isFinite(idleShareOfTdp + wattsPerCoreGhz))
        yield { idleShareOfTdp, wattsPerCoreGhz };
    }
  }
}

/** Weighted sum of relative errors; stops once it is past `least`. */
function errorOf(lines: readonly ExactLine[], candidate: CpuModelCoefficients, least: number): number {
  let error = 0;
  for (const { idle, active, weight } of lines) {
    error += weight * Math.abs(candidate.idleShareOfTdp * idle + candidate.wattsPerCoreGhz * active - 1);
    if (error > least) break;
  }
  return error;
}
