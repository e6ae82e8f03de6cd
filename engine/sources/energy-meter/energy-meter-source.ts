import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import { createLineSplitter } from '../line-splitter.ts';
import {
  type Coverage,
  exactReading,
  type ProbeResult,
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unavailable,
  unknownValues,
} from '../source.ts';
import { createToolStream } from '../tool-stream.ts';
import { withTimeout } from '../with-timeout.ts';
import { type MeterInstance, parseMeterHeader, parseMeterValues, parseQuotedRow } from './parse-energy-meter.ts';

/** What differs from machine to machine; tests bring their own. */
export interface EnergyMeterHost {
  readonly platform: NodeJS.Platform;
  readonly command: string;
  readonly args: readonly string[];
  readonly probeTimeoutMs: number;
}

const localHost: EnergyMeterHost = {
  platform: process.platform,
  command: 'typeperf',
  args: ['\\Energy Meter(*)\\*', '-si', '1'],
  probeTimeoutMs: 8000,
};

const silenceMs = 8000;
const staleMs = 4000;
/** A row is printed when it is taken; RAPL itself is a millisecond old. By judgement. */
const counterLagSeconds = 0.1;

/** The counters are RAPL's, and so are their gains: docs/methodology.md, 'Bounds'. */
const gains = { package: { lowRatio: 0.95, highRatio: 1.05 }, dram: { lowRatio: 0.8, highRatio: 1.2 } } as const;

export function createEnergyMeterDefinition(host: EnergyMeterHost = localHost): SourceDefinition {
  return {
    descriptor: {
      id: 'energy-meter',
      label: 'Windows energy meter',
      measures: 'CPU packages and DRAM, by the performance counters of Windows 11',
      provenance: 'counter',
      sameNumberCommand: 'typeperf "\\Energy Meter(*)\\*" -si 1 -sc 2',
    },
    probe: (context) => probe(host, context),
  };
}

export const energyMeterSource: SourceDefinition = createEnergyMeterDefinition();

async function probe(host: EnergyMeterHost, context: SourceContext): Promise<ProbeResult> {
  if (host.platform !== 'win32') return unavailable('The energy meter is a part of Windows; this is another system.');
  const source = createEnergyMeterSource(host, context);
  const answer = await withTimeout(source.first, host.probeTimeoutMs);
  if (answer !== 'timeout' && answer.kind === 'row')
    return {
      kind: 'available',
      covers: coversOf(answer.instances),
      how: `typeperf, ${answer.instances.map(idOf).join(' ')}`,
      open: async () => source,
    };
  await source.close();
  if (answer !== 'timeout' && answer.kind === 'still')
    return unavailable('Windows lists an energy meter for the CPU, but it counts nothing: all its values are 0.');
  return unavailable(
    answer === 'timeout'
      ? 'Windows gave no row of its energy meter in time.'
      : `Windows has no energy meter for the CPU (it needs Windows 11 on the bare machine): ${answer.reason}.`,
  );
}

const coversOf = (instances: readonly MeterInstance[]): readonly Coverage[] => [
  ...(instances.some((instance) => instance.kind === 'package') ? (['cpu'] as const) : []),
  ...(instances.some((instance) => instance.kind === 'dram') ? (['memory'] as const) : []),
];

type FirstAnswer =
  | { readonly kind: 'row'; readonly instances: readonly MeterInstance[] }
  /** Listed, and not fitted. */
  | { readonly kind: 'still' }
  | { readonly kind: 'none'; readonly reason: string };

/** The first row of a counter may be without its values. */
const stillRows = 2;

interface EnergyMeterSource extends Source {
  readonly first: Promise<FirstAnswer>;
}

function createEnergyMeterSource(host: EnergyMeterHost, context: SourceContext): EnergyMeterSource {
  const { clock } = context;
  let instances: readonly MeterInstance[] = [];
  let columns = 0;
  /** Fixed with the first row: what had no value then is not a meter of this machine. */
  let domains: ReadonlyMap<string, Domain> | null = null;
  let waiting: SourceReading[] = [];
  let lastRowMs = clock.monotonicMs();
  let isHeard = false;
  let rowsStill = 0;
  let answer: (first: FirstAnswer) => void = () => {};
  const first = new Promise<FirstAnswer>((resolve) => {
    answer = resolve;
  });

  function receive(line: string): void {
    const fields = parseQuotedRow(line);
    if (fields === null) return;
    const header = parseMeterHeader(fields);
    if (header !== null) {
      instances = header;
      columns = fields.length;
      if (header.length === 0) answer({ kind: 'none', reason: 'no meter of a CPU package among its counters' });
      return;
    }
    if (fields.length !== columns) return;
    const readings = instances.flatMap((instance) => readingOf(instance, fields, clock.monotonicMs()));
    if (readings.length === 0) {
      const isStill = instances.every((instance) => parseMeterValues(fields, instance).powerWatts === 0);
      rowsStill = isStill ? rowsStill + 1 : 0;
      if (rowsStill >= stillRows) answer({ kind: 'still' });
      return;
    }
    isHeard = true;
    lastRowMs = clock.monotonicMs();
    domains ??= new Map(readings.map((reading) => [reading.domain.id, reading.domain]));
    const known = domains;
    waiting.push(...readings.filter((reading) => known.has(reading.domain.id)));
    answer({ kind: 'row', instances: instances.filter((instance) => known.has(idOf(instance))) });
  }

  let split = createLineSplitter(receive);
  const stream = createToolStream({
    command: host.command,
    args: host.args,
    clock,
    silenceMs,
    onStart: () => {
      columns = 0;
      split = createLineSplitter(receive);
    },
    onText: (text) => {
      isHeard = false;
      split(text);
      return isHeard;
    },
    onEnd: (reason) => answer({ kind: 'none', reason }),
    log: context.log,
  });

  return {
    first,
    domains: () => [...(domains?.values() ?? [])],
    async read() {
      const fresh = waiting;
      waiting = [];
      const nowMs = clock.monotonicMs();
      if (fresh.length > 0 || nowMs - lastRowMs <= staleMs) return fresh;
      const note = stream.trouble() ?? 'typeperf has given no row for a while.';
      return [...(domains?.values() ?? [])].map((domain) => ({
        domain,
        ...unknownValues,
        atMs: nowMs,
        error: exactReading,
        missing: { reason: 'no-reading', note },
      }));
    },
    async close() {
      stream.close();
    },
  };
}

const idOf = (instance: MeterInstance): string => `${instance.kind === 'dram' ? 'dram' : 'cpu'}:${instance.index}`;

/** None where the row says nothing of it. The first row of a counter has no power: it is a mean since the row before. */
function readingOf(instance: MeterInstance, fields: readonly string[], atMs: number): readonly SourceReading[] {
  const { powerWatts, counterJoules } = parseMeterValues(fields, instance);
  // Without a counter that has moved a power of 0 says that the meter is not fitted.
  if (counterJoules === null && (powerWatts ?? 0) === 0) return [];
  const isDram = instance.kind === 'dram';
  return [
    {
      domain: {
        ...domainDefaults,
        id: idOf(instance),
        kind: isDram ? 'dram' : 'cpu',
        name: isDram ? `DRAM of package ${instance.index}` : `CPU package ${instance.index}`,
        label: `${isDram ? 'Memory' : 'CPU'} ${instance.index}`,
        index: instance.index,
        source: 'energy-meter',
        provenance: 'counter',
        gain: isDram ? gains.dram : gains.package,
      },
      ...unknownValues,
      atMs,
      powerWatts,
      powerWindowSeconds: 1,
      counterJoules,
      counterLagSeconds,
      error: exactReading,
    },
  ];
}
