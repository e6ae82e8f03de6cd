import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import { celsiusFromMillidegrees, joulesFromMicrojoules, wattsFromMicrowatts } from '../../../shared/units.ts';
import { createDrmClients, type GpuUsers, isInUse } from '../drm-clients/drm-clients.ts';
import {
  exactReading,
  type ReadOptions,
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unavailable,
  unknownValues,
} from '../source.ts';
import { asleep, createIdleRest, type IdleRest, longestRestSeconds } from '../sysfs/idle-rest.ts';
import { isAsleep, readRuntimePower } from '../sysfs/runtime-power.ts';
import { createSingleFlight } from '../sysfs/single-flight.ts';
import { parseSysfsNumber, readSysfsFile, readSysfsNumber } from '../sysfs/sysfs-file.ts';
import { findIntelGpus, type IntelGpu } from './intel-devices.ts';

/** Intel states no accuracy; ±5 % is by judgement, as for RAPL packages, whose counters these are made like. */
const cardGain = { lowRatio: 0.95, highRatio: 1.05 } as const;
/** The chip's counter leaves out memory, converters and fans: up to a third more, by judgement, as AMD's cards are. */
const packageGain = { lowRatio: 0.95, highRatio: 1.32 } as const;

/** The hardware's energy registers move every millisecond or so, like RAPL's; ten times that is by judgement. */
const counterLagSeconds = 0.01;
const readLimitMs = 700;

/** Intel's graphics cards by their energy counters. */
export const intelGpuSource: SourceDefinition = {
  descriptor: {
    id: 'intel-gpu',
    label: 'Intel GPU counters',
    measures: 'Intel graphics cards: energy, temperature, processes',
    provenance: 'counter',
    sameNumberCommand: 'cat /sys/class/drm/card*/device/hwmon/hwmon*/energy1_input   # microjoules',
  },
  async probe(context) {
    const gpus = await findIntelGpus(context.sysfsRoot);
    if (gpus.length === 0)
      return unavailable(
        'There is no Intel graphics card with an energy counter (i915 from Linux 6.2, xe from 6.5); integrated graphics are part of the CPU.',
      );
    return {
      kind: 'available',
      covers: ['intel-gpu'],
      how: gpus.map((gpu) => gpu.hwmonPath).join(', '),
      open: async () => createIntelSource(context, gpus),
    };
  },
};

interface Entry {
  /** Found anew after it was lost: a driver that was reloaded, or a card plugged in again, has other paths. */
  gpu: IntelGpu;
  isLost: boolean;
  readonly readValues: (until?: Promise<unknown>) => Promise<IntelValues | 'timeout'>;
  readonly rest: IdleRest;
  domain: Domain;
}

function createIntelSource(context: SourceContext, gpus: readonly IntelGpu[]): Source {
  const entries = gpus.map((gpu, index): Entry => {
    const entry: Entry = {
      gpu,
      isLost: false,
      readValues: createSingleFlight(() => readIntelValues(entry.gpu), readLimitMs),
      rest: createIdleRest(),
      domain: domainOf(gpu, index),
    };
    return entry;
  });
  const clients = createDrmClients(context);
  return {
    domains: () => entries.map((entry) => entry.domain),
    async read(_signal, options = { isEdge: false }) {
      clients.refresh();
      const readings = await Promise.all(
        entries.map((entry) => readEntry({ entry, users: clients.usersOf(entry.gpu.card.busId), options, context })),
      );
      return readings.filter((reading) => reading !== null);
    },
    close: async () => clients.close(),
  };
}

interface EntryRead {
  readonly entry: Entry;
  readonly users: GpuUsers;
  readonly options: ReadOptions;
  readonly context: SourceContext;
}

/** Null for a card that is left alone to fall asleep: reading its counter would keep it awake. */
async function readEntry({ entry, users, options, context }: EntryRead): Promise<SourceReading | null> {
  if (entry.isLost) await findAgain(entry, context.sysfsRoot);
  const { card } = entry.gpu;
  const power = await readRuntimePower(card.devicePath);
  const isUsed = isInUse(users);
  if (isAsleep(power.state)) return asleep(context, entry.domain);
  if (entry.rest.isResting(context.clock.monotonicMs(), options.isEdge || isUsed)) return null;
  const values = await entry.readValues(options.until);
  const error = exactReading;
  const restSeconds = power.control === 'auto' ? longestRestSeconds : 0;
  const base = { ...unknownValues, atMs: context.clock.monotonicMs(), error, restSeconds };
  if (values === 'timeout') {
    const note = `The driver did not answer within ${readLimitMs} ms.`;
    return { ...base, domain: entry.domain, missing: { reason: 'timeout', note } };
  }
  entry.isLost = !existsSync(card.devicePath) || values.counter.kind === 'failed';
  if (!existsSync(card.devicePath))
    return { ...base, domain: entry.domain, missing: { reason: 'lost', note: 'The card is no longer there.' } };
  const { counter, limitWatts, temperatureCelsius } = values;
  if (limitWatts !== null && limitWatts !== entry.domain.limitWatts) entry.domain = { ...entry.domain, limitWatts };
  if (counter.kind === 'failed') {
    const reason = counter.code === 'EACCES' || counter.code === 'EPERM' ? 'permission' : 'failed';
    const note = `Its energy counter cannot be read (${counter.code}).`;
    return { ...base, domain: entry.domain, missing: { reason, note } };
  }
  entry.rest.told(base.atMs, users.processes !== null && !isUsed, power);
  return {
    ...base,
    domain: entry.domain,
    counterJoules: counter.joules,
    counterLagSeconds,
    limitWatts,
    temperatureCelsius,
    ...users,
  };
}

/** One that has only its package's counter for now is the same card without its own: it is looked for again. */
async function findAgain(entry: Entry, sysfsRoot: string): Promise<void> {
  const gpus = await findIntelGpus(sysfsRoot);
  const { card, scope } = entry.gpu;
  entry.gpu = gpus.find((gpu) => gpu.card.busId === card.busId && gpu.scope === scope) ?? entry.gpu;
}

interface IntelValues {
  readonly counter:
    | { readonly kind: 'told'; readonly joules: number }
    | { readonly kind: 'failed'; readonly code: string };
  readonly limitWatts: number | null;
  readonly temperatureCelsius: number | null;
}

/** One file after another: a card that hangs holds one thread of the pool, and leaves the others to other cards. */
async function readIntelValues({ hwmonPath, files, channel }: IntelGpu): Promise<IntelValues> {
  const read = (name: string): Promise<number | null> =>
    files.has(name) ? readSysfsNumber(join(hwmonPath, name)) : Promise.resolve(null);
  const content = await readSysfsFile(join(hwmonPath, `energy${channel}_input`));
  const limit = await read(`power${channel}_max`);
  const cap = await read(`power${channel}_cap`);
  const rated = await read(`power${channel}_rated_max`);
  const temperature = (await read('temp1_input')) ?? (await read('temp2_input'));
  // A limit of 0 says that there is none.
  const limitMicrowatts = positive(limit) ?? positive(cap) ?? positive(rated);
  return {
    counter: counterOf(content),
    limitWatts: limitMicrowatts === null ? null : wattsFromMicrowatts(limitMicrowatts),
    temperatureCelsius: temperature === null ? null : celsiusFromMillidegrees(temperature),
  };
}

function counterOf(content: Awaited<ReturnType<typeof readSysfsFile>>): IntelValues['counter'] {
  if (content.kind === 'failed') return content;
  const microjoules = parseSysfsNumber(content.text);
  return microjoules === null || microjoules < 0
    ? { kind: 'failed', code: 'invalid content' }
    : { kind: 'told', joules: joulesFromMicrojoules(microjoules) };
}

const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);

const domainOf = (gpu: IntelGpu, index: number): Domain => ({
  ...domainDefaults,
  gain: gpu.scope === 'card' ? cardGain : packageGain,
  id: `gpu:${gpu.card.busId ?? `card${gpu.card.number}`}`,
  kind: 'gpu',
  name: gpu.scope === 'card' ? gpu.name : `${gpu.name} (chip only)`,
  label: `Intel GPU ${index}`,
  index,
  source: 'intel-gpu',
  provenance: 'counter',
});
