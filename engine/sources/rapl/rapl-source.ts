import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import type { Remedy } from '../../../shared/model/sensors.ts';
import { joulesFromMicrojoules } from '../../../shared/units.ts';
import {
  type ProbeResult,
  type SensorError,
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unavailable,
  unknownValues,
} from '../source.ts';
import { findRaplZones, type RaplZone } from './rapl-zones.ts';

/** Package: ±5 %, as validated against meters by Khan et al. 2018. DRAM: ±20 %, Desrochers et al. 2016. See docs/methodology.md. */
const packageError: SensorError = { lowRatio: 0.95, highRatio: 1.05, offsetWatts: 0 };
const dramError: SensorError = { lowRatio: 0.8, highRatio: 1.2, offsetWatts: 0 };

const remedies: readonly Remedy[] = [
  {
    command: 'sudo chmod a+r /sys/class/powercap/intel-rapl:*/energy_uj /sys/class/powercap/intel-rapl:*:*/energy_uj',
    effect: 'until the next restart',
  },
  {
    command: `echo 'SUBSYSTEM=="powercap", ACTION=="add", RUN+="/bin/chmod a+r /sys%p/energy_uj"' | sudo tee /etc/udev/rules.d/70-wattrun-rapl.rules`,
    effect: 'for good, from the next restart',
  },
];

export const raplSource: SourceDefinition = {
  descriptor: {
    id: 'rapl',
    label: 'RAPL energy counters',
    measures: 'CPU packages and DRAM',
    provenance: 'counter',
    sameNumberCommand: 'cat /sys/class/powercap/intel-rapl:0/energy_uj',
  },
  probe,
};

async function probe(context: SourceContext): Promise<ProbeResult> {
  const zones = await findRaplZones(context.sysfsRoot);
  const root = join(context.sysfsRoot, 'class/powercap');
  if (zones.length === 0)
    return unavailable(
      `There is no RAPL package under ${root}: not an Intel or AMD CPU with powercap, or a virtual machine or container that hides it.`,
    );
  const readable: RaplZone[] = [];
  let refusal: string | null = null;
  for (const zone of zones) {
    try {
      await readCounter(zone);
      readable.push(zone);
    } catch (error) {
      refusal = codeOf(error);
    }
  }
  if (readable.length === 0) return refused(refusal);
  const covers = [
    ...(readable.some((zone) => zone.kind === 'package') ? (['cpu'] as const) : []),
    ...(readable.some((zone) => zone.kind === 'dram') ? (['memory'] as const) : []),
  ];
  return {
    kind: 'available',
    covers,
    how: `${root}, ${readable.length} zones`,
    open: async () => createRaplSource(readable, context),
  };
}

function refused(code: string | null): ProbeResult {
  if (code !== 'EACCES' && code !== 'EPERM')
    return unavailable(`The CPU's energy counter is there, but cannot be read (${code ?? 'unknown error'}).`);
  return unavailable("The CPU's energy counter is there, but only root may read it.", remedies);
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'invalid content';

async function readCounter(zone: RaplZone): Promise<number> {
  const text = (await readFile(join(zone.path, 'energy_uj'), 'utf8')).replaceAll('\0', '').trim();
  if (!/^\d+$/.test(text)) throw new Error(`energy_uj is not a number: ${text.slice(0, 40)}`);
  return joulesFromMicrojoules(Number(text));
}

function createRaplSource(zones: readonly RaplZone[], context: SourceContext): Source {
  const entries = zones.map((zone) => ({ zone, domain: domainOf(zone) }));
  return {
    domains: () => entries.map((entry) => entry.domain),
    read: () => Promise.all(entries.map(({ zone, domain }) => readZone(zone, domain, context))),
    close: async () => {},
  };
}

async function readZone(zone: RaplZone, domain: Domain, context: SourceContext): Promise<SourceReading> {
  const base = {
    domain,
    ...unknownValues,
    error: zone.kind === 'dram' ? dramError : packageError,
    limitWatts: zone.maxPowerWatts,
  };
  try {
    const counterJoules = await readCounter(zone);
    return { ...base, atMs: context.clock.monotonicMs(), counterJoules, counterRangeJoules: zone.rangeJoules };
  } catch (error) {
    // A failed read is no reading; a 0 here would look like a wrap and invent a whole counter range.
    const code = codeOf(error);
    const reason = code === 'EACCES' || code === 'EPERM' ? 'permission' : 'failed';
    return {
      ...base,
      atMs: context.clock.monotonicMs(),
      missing: { reason, note: `energy_uj could not be read (${code}).` },
    };
  }
}

function domainOf(zone: RaplZone): Domain {
  const isDram = zone.kind === 'dram';
  return {
    ...domainDefaults,
    id: `${isDram ? 'dram' : 'cpu'}:${zone.index}`,
    kind: isDram ? 'dram' : 'cpu',
    name: isDram ? `DRAM of package ${zone.index}` : `CPU package ${zone.index}`,
    label: `${isDram ? 'Memory' : 'CPU'} ${zone.index}`,
    index: zone.index,
    limitWatts: isDram ? null : zone.maxPowerWatts,
    memoryTotalBytes: null,
    source: 'rapl',
    provenance: 'counter',
    isSimulated: false,
  };
}
