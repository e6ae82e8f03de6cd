import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import { nvidiaGainOf } from '../nvidia/nvidia-facts.ts';
import type { Device } from './device.ts';

/** What decides whether a device's energy can be divided among processes. */
export interface SplitFacts {
  readonly isMig: boolean;
  readonly isWddm: boolean;
}

export interface DomainFacts extends SplitFacts {
  readonly isCounterUsed: boolean;
  readonly limitWatts: number | null;
}

export interface DeviceDomains {
  /** The GPU; beside it the Grace Hopper module that it is a part of, where it is one. The same objects while nothing changes. */
  all(facts: DomainFacts): readonly [Domain, ...Domain[]];
}

export function createDeviceDomains(device: Device): DeviceDomains {
  let last: { readonly facts: DomainFacts; readonly domains: readonly [Domain, ...Domain[]] } | null = null;
  return {
    all(facts) {
      if (last === null || !isSame(last.facts, facts)) last = { facts, domains: describe(device, facts) };
      return last.domains;
    },
  };
}

const isSame = (a: DomainFacts, b: DomainFacts): boolean =>
  a.isCounterUsed === b.isCounterUsed && a.limitWatts === b.limitWatts && a.isMig === b.isMig && a.isWddm === b.isWddm;

function describe(device: Device, facts: DomainFacts): readonly [Domain, ...Domain[]] {
  const gpu: Domain = {
    ...domainDefaults,
    id: `gpu:${device.key}`,
    kind: 'gpu',
    name: device.name,
    label: `GPU ${device.index}`,
    index: device.index,
    limitWatts: facts.limitWatts,
    memoryTotalBytes: device.memoryTotalBytes,
    source: 'nvml',
    provenance: facts.isCounterUsed && !device.isModule ? 'counter' : 'sensor',
    gain: nvidiaGainOf(device.architecture),
    cannotBeSplit: whyNotSplit(facts),
  };
  if (!device.isModule) return [gpu];
  return [
    gpu,
    {
      ...gpu,
      id: `module:${device.key}`,
      kind: 'module',
      label: `Module ${device.index}`,
      // The GPU's limit is not the module's, and its memory is not twice there.
      limitWatts: null,
      memoryTotalBytes: null,
      provenance: facts.isCounterUsed ? 'counter' : 'sensor',
      cannotBeSplit: null,
    },
  ];
}

function whyNotSplit({ isMig, isWddm }: SplitFacts): string | null {
  if (isMig) return 'MIG: the driver cannot divide the board’s power among its instances';
  if (isWddm) return 'WDDM: Windows shares the GPU among all windows and the driver does not tell their parts';
  return null;
}
