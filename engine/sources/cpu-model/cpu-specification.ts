import cpuTable from '../../../resources/cpu/cpus.json' with { type: 'json' };
import type { MachineFacts } from '../../machine/machine.ts';
import type { SensorError } from '../source.ts';
import type { CpuModelInput } from './cpu-model.ts';
import { normalizeCpuName } from './cpu-name.ts';

export interface CpuSpecification {
  readonly input: CpuModelInput;
  /** `model`: the part is known. `assumed`: its TDP or clock is a guess from its number of threads. */
  readonly provenance: 'model' | 'assumed';
  readonly error: SensorError;
  /** What the estimate stands on, in words. */
  readonly basis: string;
}

interface CpuRow {
  readonly tdpWatts?: number;
  readonly cores?: number;
  readonly threads?: number;
  readonly baseGhz?: number;
  readonly efficiencyCores?: number;
  readonly efficiencyBaseGhz?: number;
}

/** Quantiles of truth over estimate on the machines the fit was tested with: docs/methodology.md, 'CPU model'. */
export const knownPartError: SensorError = { lowRatio: 0.5, highRatio: 1.6, offsetWatts: 0 };
/** Where even TDP and clock are guesses. */
export const assumedPartError: SensorError = { lowRatio: 0.35, highRatio: 2.6, offsetWatts: 0 };

/** Typical of server parts since 2017: 4 W of TDP and 2.5 GHz a core, two threads a core. */
const assumedTdpWattsPerCore = 4;
const assumedBaseGhz = 2.5;
const threadsPerCore = 2;

/** TDP, cores and clock of the CPU that the machine reports, scaled to the threads it has: a guest owns a share of the part. */
export function specifyCpu(facts: MachineFacts): CpuSpecification {
  const name = normalizeCpuName(facts.cpuName);
  const rows: Readonly<Record<string, CpuRow>> = cpuTable.cpus;
  const row = Object.hasOwn(rows, name) ? rows[name] : undefined;
  const known = row === undefined ? null : knownSpecification(facts, name, row);
  return known ?? assumedSpecification(facts);
}

function knownSpecification(facts: MachineFacts, name: string, row: CpuRow): CpuSpecification | null {
  const { tdpWatts, cores } = row;
  if (tdpWatts === undefined || cores === undefined) return null;
  const baseGhz = row.baseGhz ?? facts.baseGhz;
  if (baseGhz === null || baseGhz <= 0) return null;
  const coreGhz =
    (cores - (row.efficiencyCores ?? 0)) * baseGhz + (row.efficiencyCores ?? 0) * (row.efficiencyBaseGhz ?? baseGhz);
  const partThreads = row.threads ?? cores * threadsPerCore;
  const share = facts.isVirtual ? facts.threads / partThreads : facts.sockets;
  const size = facts.isVirtual
    ? `${facts.threads} of ${partThreads} threads`
    : facts.sockets > 1
      ? `${facts.sockets} sockets`
      : '1 socket';
  return {
    input: { tdpWatts: tdpWatts * share, coreGhz: coreGhz * share },
    provenance: 'model',
    error: knownPartError,
    basis: `${name}: TDP ${tdpWatts} W, ${cores} cores at ${baseGhz} GHz, ${size}`,
  };
}

function assumedSpecification(facts: MachineFacts): CpuSpecification {
  const cores =
    facts.physicalCores !== null && !facts.isVirtual
      ? facts.physicalCores
      : Math.max(1, facts.threads / threadsPerCore);
  const baseGhz = facts.baseGhz ?? assumedBaseGhz;
  return {
    input: { tdpWatts: cores * assumedTdpWattsPerCore, coreGhz: cores * baseGhz },
    provenance: 'assumed',
    error: assumedPartError,
    basis: `${facts.cpuName} is not in the table: ${cores} cores taken for ${assumedTdpWattsPerCore} W of TDP and ${baseGhz} GHz each`,
  };
}
