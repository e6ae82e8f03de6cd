import type { Domain } from '../../shared/model/domain.ts';

/** More than a domain of its kind ever draws, where it does not say its limit. */
const mostWatts: Readonly<Record<Domain['kind'], number>> = {
  gpu: 2500,
  cpu: 1500,
  dram: 1500,
  platform: 10_000,
  module: 5000,
  // A three-phase outlet of 32 A gives 22 kW: a counter that jumps by more was reset, or began anew.
  wall: 25_000,
  other: 100_000,
};

/**
 * Limits are averages over a while: short stretches go above them. A GPU's enforced limit is kept within tens of milliseconds; what RAPL gives for a
 * CPU is its TDP, and desktop parts draw more than twice that while they boost.
 */
const limitHeadroom: Readonly<Partial<Record<Domain['kind'], number>>> = { gpu: 2, cpu: 4, dram: 4 };
const usualHeadroom = 2;

/** More than the domain can draw, in watts: a counter step that needs it is a reset, a sample above it invalid. */
export function mostWattsOf(domain: Pick<Domain, 'kind' | 'limitWatts'>): number {
  if (domain.limitWatts === null) return mostWatts[domain.kind];
  return domain.limitWatts * (limitHeadroom[domain.kind] ?? usualHeadroom);
}
