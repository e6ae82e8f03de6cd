import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import { msFromSeconds, secondsFromMs } from '../../../shared/units.ts';
import type { Machine } from '../../machine/machine.ts';
import {
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unavailable,
  unknownValues,
} from '../source.ts';
import { bothEndsBounds, boundsAt, type CpuModelBounds, fullEndBounds } from './cpu-bounds.ts';
import { type KeptEnds, readCpuCalibration } from './cpu-calibration.ts';
import { readCpuHardware } from './cpu-hardware.ts';
import { estimateCpuWatts, interpolateCpuWatts } from './cpu-model.ts';
import { type CpuSpecification, specifyCpu } from './cpu-specification.ts';

/** How soon a calibration that was just made is seen. */
const calibrationPeriodMs = msFromSeconds(10);

/** The CPU from its load, where no counter measures it. */
export function createCpuModelDefinition(machine: Machine): SourceDefinition {
  return {
    descriptor: {
      id: 'cpu-model',
      label: 'CPU model',
      measures: 'CPU, estimated from its load',
      provenance: 'model',
      sameNumberCommand: 'head -1 /proc/stat   # the load the estimate stands on',
    },
    async probe(context) {
      if (machine.readCpuTimes() === null) return unavailable('The load of the CPU cannot be read.');
      const facts = await machine.facts();
      const specification = specifyCpu(facts, await readCpuHardware(context.sysfsRoot));
      const ends = readCpuCalibration(context.learned);
      return {
        kind: 'available',
        covers: ['cpu'],
        how: ends === null ? specification.basis : `${endsLabel(ends)}; ${specification.basis}`,
        open: async () => createCpuSource(machine, { cpuName: facts.cpuName, specification, context }),
      };
    },
  };
}

const endsLabel = ({ idleWatts, fullWatts, isIdleMeasured }: KeptEnds): string =>
  `calibrated on this machine: ${idleWatts.toFixed(0)} W idle${isIdleMeasured === true ? '' : ' (the model’s)'}, ${fullWatts.toFixed(0)} W at full load`;

interface SourceParts {
  readonly cpuName: string;
  readonly specification: CpuSpecification;
  readonly context: SourceContext;
}

/** How load becomes watts now. */
interface Curve {
  readonly domain: Domain;
  readonly bounds: CpuModelBounds;
  readonly wattsAt: (loadRatio: number) => number;
}

function createCpuSource(machine: Machine, parts: SourceParts): Source {
  const { clock, learned } = parts.context;
  const readLoad = createLoadMeter(machine);
  let curve = curveOf(parts, readCpuCalibration(learned));
  let lookedAtMs = clock.monotonicMs();
  let lastAtMs = lookedAtMs;

  return {
    domains: () => [curve.domain],
    async read(): Promise<readonly SourceReading[]> {
      const atMs = clock.monotonicMs();
      const loadRatio = readLoad();
      if (loadRatio === null) return [];
      if (atMs - lookedAtMs >= calibrationPeriodMs) {
        curve = curveOf(parts, readCpuCalibration(learned));
        lookedAtMs = atMs;
      }
      const powerWindowSeconds = secondsFromMs(atMs - lastAtMs);
      lastAtMs = atMs;
      return [
        {
          domain: curve.domain,
          ...unknownValues,
          atMs,
          powerWatts: curve.wattsAt(loadRatio),
          powerWindowSeconds,
          error: boundsAt(curve.bounds, loadRatio),
          idleWatts: curve.wattsAt(0),
          utilizationRatio: loadRatio,
        },
      ];
    },
    close: async () => {},
  };
}

/** Mean load since the last call that told one; null where it cannot be told or no time has passed. */
export function createLoadMeter(machine: Machine): () => number | null {
  let last = machine.readCpuTimes();
  return () => {
    const times = machine.readCpuTimes();
    const before = last;
    if (times === null) return null;
    if (before === null) {
      last = times;
      return null;
    }
    const totalSeconds = times.totalSeconds - before.totalSeconds;
    if (totalSeconds === 0) return null;
    last = times;
    // Counters of a CPU that was taken offline leave the sum.
    if (totalSeconds < 0) return null;
    return Math.min(1, Math.max(0, (times.busySeconds - before.busySeconds) / totalSeconds));
  };
}

function curveOf({ cpuName, specification }: SourceParts, ends: KeptEnds | null): Curve {
  const domain: Domain = {
    ...domainDefaults,
    id: 'cpu:0',
    kind: 'cpu',
    name: cpuName,
    label: 'CPU',
    index: 0,
    source: 'cpu-model',
    provenance: ends === null ? specification.provenance : 'model',
  };
  if (ends === null)
    return { domain, bounds: specification.bounds, wattsAt: (load) => estimateCpuWatts(specification.input, load) };
  const bounds = ends.isIdleMeasured === true ? bothEndsBounds : { ...fullEndBounds, idle: specification.bounds.idle };
  return { domain, bounds, wattsAt: (load) => interpolateCpuWatts(ends, load) };
}
