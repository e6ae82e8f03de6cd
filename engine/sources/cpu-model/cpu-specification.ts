import type { MachineFacts } from '../../machine/machine.ts';
import { assumedPartBounds, type CpuModelBounds, knownPartBounds } from './cpu-bounds.ts';
import { type CpuHardware, unknownHardware } from './cpu-hardware.ts';
import type { CpuModelInput } from './cpu-model.ts';
import { normalizeCpuName } from './cpu-name.ts';
import { type CpuRow, findCpuRow } from './cpu-table.ts';

export interface CpuSpecification {
  readonly input: CpuModelInput;
  /** `model`: TDP, cores and clock are known. `assumed`: one of them is a guess. */
  readonly provenance: 'model' | 'assumed';
  readonly bounds: CpuModelBounds;
  /** What the estimate stands on, in words. */
  readonly basis: string;
}

/** Medians over the 262 EPYC and Xeon Scalable parts of the table, a test holds them to it; two threads a core. */
const assumedTdpWattsPerCore = 8;
/**
 * Arm's servers: 2.2 W is the median of Ampere's eleven Altra parts (45 W for 32 cores to 250 W for 80 and 128, Ampere's list of June 2020 and 2021), 3.5 W
 * are NVIDIA Grace's with its memory (500 W for 144 cores); between the two by judgement.
 */
const assumedArmTdpWattsPerCore = 2.5;
const assumedBaseGhz = 2.5;
const threadsPerCore = 2;
/** Base clock over highest turbo clock, by judgement: 0.52 (Core i9-13900K) to 0.85 (Ryzen Threadripper 1950X). */
const baseShareOfHighestClock = 0.7;

/**
 * TDP, cores and clock of the CPU that the machine reports; of a guest the share of the part that its vCPUs are. TDP: the table by exact name, else the
 * limit that powercap tells, else a guess. Clock: the table, else base_frequency or the name, else a share of the highest clock, which is a guess.
 */
export function specifyCpu(facts: MachineFacts, hardware: CpuHardware = unknownHardware): CpuSpecification {
  const name = normalizeCpuName(facts.cpuName);
  const row = findCpuRow(name);
  const listed = row === null ? null : listedSpecification(facts, name, row);
  return listed ?? (facts.isVirtual ? null : measuredSpecification(facts, hardware, row)) ?? guess(facts, hardware);
}

/** A part whose TDP, cores and clock the table knows, the clock from the machine where the table has none. */
function listedSpecification(facts: MachineFacts, name: string, row: CpuRow): CpuSpecification | null {
  const { tdpWatts, cores } = row;
  const baseGhz = row.baseGhz ?? facts.baseGhz;
  if (tdpWatts === undefined || cores === undefined || baseGhz === null || baseGhz <= 0) return null;
  const coreGhz = coreGhzOf(cores, baseGhz, {
    cores: row.efficiencyCores ?? 0,
    baseGhz: row.efficiencyBaseGhz ?? null,
  });
  const partThreads = row.threads ?? cores * threadsPerCore;
  const share = facts.isVirtual ? facts.threads / partThreads : facts.sockets;
  const size = facts.isVirtual ? `the share of ${facts.threads} of ${partThreads} threads` : socketsLabel(facts);
  return known(
    { tdpWatts: tdpWatts * share, coreGhz: coreGhz * share },
    `${name}: TDP ${tdpWatts} W, ${cores} cores at ${baseGhz} GHz, ${size}`,
  );
}

/** A whole machine that counts its own cores and whose TDP is in the table or in powercap. */
function measuredSpecification(
  facts: MachineFacts,
  hardware: CpuHardware,
  row: CpuRow | null,
): CpuSpecification | null {
  const listedWatts = row?.tdpWatts === undefined ? null : row.tdpWatts * facts.sockets;
  const tdpWatts = listedWatts ?? hardware.packageLimitWatts;
  const cores = facts.physicalCores;
  const clock = clockOf(facts, hardware);
  if (tdpWatts === null || cores === null || clock.baseGhz === null) return null;
  const input = { tdpWatts, coreGhz: coreGhzOf(cores, clock.baseGhz, hardware.efficiency) };
  const tdpLabel =
    listedWatts === null
      ? `${facts.cpuName} is not in the table: ${tdpWatts} W of TDP from powercap (constraint long_term, max_power_uw)`
      : `${facts.cpuName}: TDP ${tdpWatts} W`;
  const basis = `${tdpLabel}, ${coresLabel(cores)} at ${clock.label}, ${socketsLabel(facts)}`;
  return clock.isGuess ? assumed(input, basis) : known(input, basis);
}

function guess(facts: MachineFacts, hardware: CpuHardware): CpuSpecification {
  const isArm = facts.isArm === true;
  const cores =
    facts.physicalCores !== null && !facts.isVirtual
      ? facts.physicalCores
      : Math.max(1, facts.threads / (isArm ? 1 : threadsPerCore));
  const tdpWattsPerCore = isArm ? assumedArmTdpWattsPerCore : assumedTdpWattsPerCore;
  const clock = clockOf(facts, hardware);
  const baseGhz = clock.baseGhz ?? assumedBaseGhz;
  return assumed(
    { tdpWatts: cores * tdpWattsPerCore, coreGhz: cores * baseGhz },
    `${facts.cpuName} is not in the table: ${coresLabel(cores)} taken for ${tdpWattsPerCore} W of TDP and ${baseGhz} GHz each`,
  );
}

interface Clock {
  readonly baseGhz: number | null;
  readonly isGuess: boolean;
  readonly label: string;
}

function clockOf({ baseGhz }: MachineFacts, { highestGhz }: CpuHardware): Clock {
  if (baseGhz !== null && baseGhz > 0) return { baseGhz, isGuess: false, label: `${Number(baseGhz.toFixed(2))} GHz` };
  if (highestGhz === null) return { baseGhz: null, isGuess: true, label: 'an unknown clock' };
  const share = highestGhz * baseShareOfHighestClock;
  return { baseGhz: share, isGuess: true, label: `${share.toFixed(2)} GHz, guessed from the highest, ${highestGhz}` };
}

/** Cores times clock, efficiency cores at their own. */
function coreGhzOf(cores: number, baseGhz: number, efficiency: CpuHardware['efficiency']): number {
  const slowCores = Math.min(cores, efficiency?.cores ?? 0);
  return (cores - slowCores) * baseGhz + slowCores * (efficiency?.baseGhz ?? baseGhz);
}

const coresLabel = (cores: number): string => (cores === 1 ? '1 core' : `${cores} cores`);
const socketsLabel = ({ sockets }: MachineFacts): string => (sockets > 1 ? `${sockets} sockets` : '1 socket');

const known = (input: CpuModelInput, basis: string): CpuSpecification => ({
  input,
  provenance: 'model',
  bounds: knownPartBounds,
  basis,
});

const assumed = (input: CpuModelInput, basis: string): CpuSpecification => ({
  input,
  provenance: 'assumed',
  bounds: assumedPartBounds,
  basis,
});
