import { join } from 'node:path';
import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import type { Remedy } from '../../../shared/model/sensors.ts';
import { msFromSeconds } from '../../../shared/units.ts';
import { mostWattsOf } from '../../energy/most-watts.ts';
import { readText } from '../../machine/procfs.ts';
import {
  type Coverage,
  failingNow,
  type ProbeResult,
  type SensorError,
  type Shortfall,
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unavailable,
  unknownValues,
} from '../source.ts';
import { countZoneEntries, findRaplZones, type RaplZone } from './rapl-zones.ts';
import { readCounterJoules } from './read-counter.ts';
import { createSteppingCounter } from './stepping-counter.ts';

/** A counter is exact for what it counts; what its register's scale is worth stands apart, as the domain's gain. */
const counterError: SensorError = { lowRatio: 1, highRatio: 1, offsetWatts: 0 };
/** Package: ±5 %, as validated against meters by Khan et al. 2018. DRAM: ±20 %, Desrochers et al. 2016. See docs/methodology.md. */
const gains = {
  package: { lowRatio: 0.95, highRatio: 1.05 },
  dram: { lowRatio: 0.8, highRatio: 1.2 },
  platform: { lowRatio: 0.9, highRatio: 1.1 },
} as const satisfies Record<RaplZone['kind'], NonNullable<Domain['gain']>>;

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
  if (zones.length === 0) return unavailable(await reasonOfAbsence(context));
  const refusals = new Map<RaplZone, string>();
  for (const zone of zones) {
    const code = await refusalOf(zone);
    if (code !== null) refusals.set(zone, code);
  }
  // Of a kind with one zone that can be read the others are missed, and come back by themselves; of one with none a model may tell.
  const isReadable = (zone: RaplZone): boolean => !refusals.has(zone);
  const opened = zones.filter(({ kind }) => zones.some((zone) => zone.kind === kind && isReadable(zone)));
  if (opened.length === 0) return refused([...refusals.values()].at(-1) ?? null);
  const closed = zones.filter((zone) => !opened.includes(zone) && isForbidden(refusals.get(zone) ?? ''));
  const parts: readonly (readonly [RaplZone['kind'], Coverage])[] = [
    ['package', 'cpu'],
    ['dram', 'memory'],
    ['platform', 'platform'],
  ];
  return {
    kind: 'available',
    covers: parts.filter(([kind]) => opened.some((zone) => zone.kind === kind)).map(([, part]) => part),
    how: `${join(context.sysfsRoot, 'class/powercap')}, ${opened.length} ${opened.length === 1 ? 'zone' : 'zones'}`,
    open: async () => createRaplSource(opened, closed, context),
  };
}

/** Zones that only root may read, beside others that are read. */
function shortfallOf(labels: readonly string[]): Shortfall | null {
  if (labels.length === 0) return null;
  return { reason: `Only root may read the counter of ${labels.join(', ')}.`, remedies };
}

const probeTries = 4;
const probeRestMs = 15;

/** Null where a zone can be read: one bad read among good ones says nothing. */
async function refusalOf(zone: RaplZone): Promise<string | null> {
  let refusal: string | null = null;
  for (let tries = 0; tries < probeTries; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, probeRestMs));
    try {
      readCounterJoules(zone.path);
      return null;
    } catch (error) {
      refusal = codeOf(error);
      if (isForbidden(refusal)) return refusal;
    }
  }
  return refusal;
}

async function reasonOfAbsence({ sysfsRoot, procfsRoot }: SourceContext): Promise<string> {
  const root = join(sysfsRoot, 'class/powercap');
  if ((await countZoneEntries(sysfsRoot)) > 0)
    return `The RAPL zones under ${root} lead nowhere: a container hides them. Started with --volume /sys/devices/virtual/powercap:/sys/devices/virtual/powercap:ro it shows them.`;
  const isGuest = /^flags\s*:.*\bhypervisor\b/m.test(readText(join(procfsRoot, 'cpuinfo')) ?? '');
  return isGuest
    ? `There is no RAPL package under ${root}: this is a virtual machine, and the counters stay with its host.`
    : `There is no RAPL package under ${root}: the CPU has none, its driver (intel_rapl_msr) is not loaded, or a container hides it.`;
}

function refused(code: string | null): ProbeResult {
  if (code === null || !isForbidden(code))
    return failingNow(`The CPU's energy counter is there, but cannot be read (${code ?? 'unknown error'}).`);
  return unavailable("The CPU's energy counter is there, but only root may read it.", remedies);
}

const isForbidden = (code: string): boolean => code === 'EACCES' || code === 'EPERM';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'invalid content';

/** Asked this often in the time that the counter takes to wrap at the greatest power, two wraps are not taken for one, also where this thread is kept waiting for a tenth of a second. */
const readsAWrap = 8;
const leastSpacingMs = 8;
interface ZoneReader {
  readonly domain: Domain;
  read(): SourceReading;
  /** At a run's edge: as `read`, at the moments of the counter's steps. */
  readAtSteps(signal: AbortSignal): Promise<readonly SourceReading[]>;
  /** Readings taken between two rounds, of a counter that wraps more often than it is asked. */
  takeBetween(): readonly SourceReading[];
  close(): void;
}

function createRaplSource(zones: readonly RaplZone[], closed: readonly RaplZone[], context: SourceContext): Source {
  const readers = zones.map((zone) => createZoneReader(zone, context));
  const closedDomains = closed.map(domainOf);
  const forbidden = new Set<Domain>();
  /** psys is asked for: it contains the packages and is shown beside them. */
  const isWanted = (kind: Domain['kind']): boolean => kind !== 'platform' || context.settings().isReadingPlatform;
  const wanted = (): readonly ZoneReader[] => readers.filter(({ domain }) => isWanted(domain.kind));
  return {
    domains: () => wanted().map((reader) => reader.domain),
    shortfall: () =>
      shortfallOf([...forbidden, ...closedDomains.filter(({ kind }) => isWanted(kind))].map(({ label }) => label)),
    async read(signal, options) {
      const between = wanted().flatMap((reader) => reader.takeBetween());
      const now =
        options?.isEdge === true
          ? (await Promise.all(wanted().map((reader) => reader.readAtSteps(signal)))).flat()
          : wanted().map((reader) => reader.read());
      for (const { domain, missing } of now)
        if (missing?.reason === 'permission') forbidden.add(domain);
        else forbidden.delete(domain);
      return [...between, ...now];
    },
    async close() {
      for (const reader of readers) reader.close();
    },
  };
}

function createZoneReader(zone: RaplZone, context: SourceContext): ZoneReader {
  const domain = domainOf(zone);
  const spacingMs =
    zone.rangeJoules === null
      ? Number.POSITIVE_INFINITY
      : Math.max(leastSpacingMs, msFromSeconds(zone.rangeJoules / mostWattsOf(domain)) / readsAWrap);
  const closing = new AbortController();
  const look = createZoneLook(zone, domain, context);
  const counter = createSteppingCounter(look);
  void counter.learn(closing.signal);
  let between: SourceReading[] = [];
  let timer: NodeJS.Timeout | null = null;
  const follow = (): void => {
    timer = null;
    if (spacingMs >= msFromSeconds(context.periodSeconds())) return;
    timer = setTimeout(() => {
      between.push(counter.read());
      follow();
    }, spacingMs);
    timer.unref();
  };
  follow();
  return {
    domain,
    read: counter.read,
    readAtSteps: counter.readAtSteps,
    takeBetween() {
      const taken = between;
      between = [];
      if (timer === null) follow();
      return taken;
    },
    close() {
      closing.abort();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** A look takes some 30 µs: in one that took longer this thread was kept waiting, and the moment of its value is not known as well. */
const longestLookMs = 2;
const mostLooks = 3;

interface Look {
  readonly joules: number;
  readonly atMs: number;
  readonly tookMs: number;
}

function lookOnce(zone: RaplZone, { clock }: SourceContext): Look {
  const startedMs = clock.monotonicMs();
  const joules = readCounterJoules(zone.path);
  const tookMs = clock.monotonicMs() - startedMs;
  return { joules, atMs: startedMs + tookMs / 2, tookMs };
}

/** The zone's counter now, beside its moment: the middle of the shortest of a few looks. */
function lookAtCounter(zone: RaplZone, context: SourceContext): Look {
  let best = lookOnce(zone, context);
  for (let looks = 1; looks < mostLooks && best.tookMs > longestLookMs; looks++) {
    const next = lookOnce(zone, context);
    if (next.tookMs < best.tookMs) best = next;
  }
  return best;
}

function createZoneLook(zone: RaplZone, domain: Domain, context: SourceContext): () => SourceReading {
  const base = { domain, ...unknownValues, error: counterError, limitWatts: zone.maxPowerWatts };
  let hasCounted = false;
  return () => {
    try {
      const { joules, atMs } = lookAtCounter(zone, context);
      // One microjoule in a whole range: it was not read, whatever the file says. A counter that began anew has counted on by the next look.
      if (joules === 0 && hasCounted) throw new Error('it says 0');
      hasCounted ||= joules > 0;
      return { ...base, atMs, counterJoules: joules, counterRangeJoules: zone.rangeJoules };
    } catch (error) {
      // A failed read is no reading; a 0 here would look like a wrap and invent a whole counter range.
      const code = codeOf(error);
      const reason = isForbidden(code) ? 'permission' : 'failed';
      return {
        ...base,
        atMs: context.clock.monotonicMs(),
        missing: { reason, note: `energy_uj could not be read (${code}).` },
      };
    }
  };
}

function domainOf(zone: RaplZone): Domain {
  const suffix = zone.die === null ? '' : `-die${zone.die}`;
  const dieWords = zone.die === null ? '' : `, die ${zone.die}`;
  const shared = {
    ...domainDefaults,
    index: zone.index,
    source: 'rapl',
    provenance: 'counter',
    gain: gains[zone.kind],
  } as const;
  switch (zone.kind) {
    case 'package':
      return {
        ...shared,
        id: `cpu:${zone.index}${suffix}`,
        kind: 'cpu',
        name: `CPU package ${zone.index}${dieWords}`,
        label: `CPU ${zone.index}${dieWords}`,
        limitWatts: zone.maxPowerWatts,
      };
    case 'dram':
      return {
        ...shared,
        id: `dram:${zone.index}${suffix}`,
        kind: 'dram',
        name: `DRAM of package ${zone.index}${dieWords}`,
        label: `Memory ${zone.index}${dieWords}`,
      };
    case 'platform':
      return { ...shared, id: 'platform', kind: 'platform', name: 'Platform (psys)', label: 'Platform' };
  }
}
