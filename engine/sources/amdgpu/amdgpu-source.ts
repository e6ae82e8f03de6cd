import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import { msFromSeconds } from '../../../shared/units.ts';
import { createDrmClients, type GpuUsers, isInUse } from '../drm-clients/drm-clients.ts';
import { createFastPower, type FastPower } from '../fast-power.ts';
import {
  exactReading,
  type ProbeResult,
  type ReadOptions,
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unavailable,
  unknownValues,
} from '../source.ts';
import { listDrmCards } from '../sysfs/drm-cards.ts';
import { asleep, createIdleRest, type IdleRest, longestRestSeconds } from '../sysfs/idle-rest.ts';
import { isAsleep, readRuntimePower } from '../sysfs/runtime-power.ts';
import { createSingleFlight } from '../sysfs/single-flight.ts';
import { readSysfsText } from '../sysfs/sysfs-file.ts';
import { amdApuGain, amdAverageWindowSeconds, amdCardGain } from './amd-facts.ts';
import { type AmdgpuDevice, findAmdgpuDevices, hasPowerSensor } from './amdgpu-devices.ts';
import { type AmdgpuValues, readAmdgpuPower, readAmdgpuValues } from './amdgpu-values.ts';
import { firstDiesOf, usersOfBoard } from './two-die-boards.ts';

/** A card that answers later than this is hung or in its reset. */
const readLimitMs = 700;

/** Graphics cards of AMD, through their driver's files. */
export const amdgpuSource: SourceDefinition = {
  descriptor: {
    id: 'amdgpu',
    label: 'amdgpu sensors',
    measures: 'AMD GPUs: power, use, memory, temperature, clocks, processes',
    provenance: 'sensor',
    sameNumberCommand: 'cat /sys/class/drm/card*/device/hwmon/hwmon*/power1_average   # microwatts',
  },
  async probe(context) {
    const cards = (await findAmdgpuDevices(context.sysfsRoot)).filter((device) => !device.isApu);
    if (cards.length === 0) return unavailable(await whyNone(context));
    // Where no card at all has a sensor another source may still read one; beside a card that has one, the others are shown without power.
    if (!cards.some(hasPowerSensor))
      return unavailable(`The amdgpu driver gives no power for ${cards.map((card) => card.name).join(', ')}.`);
    return available(context, cards);
  },
};

/** An APU's package: CPU and GPU in one number, so it stands for the CPU and is used only where no counter measures that. */
export const amdApuSource: SourceDefinition = {
  descriptor: {
    id: 'amd-apu',
    label: 'AMD APU sensor',
    measures: 'AMD APUs: CPU and its graphics together',
    provenance: 'sensor',
    sameNumberCommand: 'cat /sys/class/drm/card*/device/hwmon/hwmon*/power1_average   # microwatts',
  },
  async probe(context) {
    const apus = (await findAmdgpuDevices(context.sysfsRoot)).filter((device) => device.isApu);
    if (apus.length === 0) return unavailable('There is no AMD APU with the amdgpu driver.');
    const measured = apus.filter(hasPowerSensor);
    if (measured.length === 0)
      return unavailable(`The amdgpu driver gives no power for ${apus.map((apu) => apu.name).join(', ')}.`);
    return available(context, measured);
  },
};

async function whyNone({ sysfsRoot }: SourceContext): Promise<string> {
  const cards = await listDrmCards(sysfsRoot, 'amd');
  const drivers = await Promise.all(cards.map((card) => readSysfsText(join(card.devicePath, 'uevent'))));
  if (drivers.some((uevent) => /^DRIVER=radeon$/m.test(uevent ?? '')))
    return 'The AMD card runs on the radeon driver, which gives no power.';
  return `There is no AMD graphics card with the amdgpu driver under ${join(sysfsRoot, 'class/drm')}.`;
}

const available = (context: SourceContext, devices: readonly AmdgpuDevice[]): ProbeResult => ({
  kind: 'available',
  covers: [devices[0]?.isApu === true ? 'cpu' : 'amd-gpu'],
  how: devices.map((device) => device.hwmon?.path ?? device.card.devicePath).join(', '),
  open: async () => createAmdgpuSource(context, devices),
});

interface Entry {
  /** Found anew after it was lost: a driver that was reloaded, or a card plugged in again, has other paths. */
  device: AmdgpuDevice;
  isLost: boolean;
  /** It did not answer in time: nothing more is asked of it until it does. */
  isHung: boolean;
  /** Its board's first die tells what both draw: it is no domain of its own. */
  isSecondDie: boolean;
  readonly readValues: (until?: Promise<unknown>) => Promise<AmdgpuValues | 'timeout'>;
  readonly rest: IdleRest;
  /** While a run is on: one sample a second of a mean of a tenth would keep step with a load. */
  readonly fast: FastPower;
  /** Told anew once a card that slept is awake: its limit and memory are asked of nobody asleep. */
  domain: Domain;
}

async function createAmdgpuSource(context: SourceContext, devices: readonly AmdgpuDevice[]): Promise<Source> {
  const cpuName = devices.some((device) => device.isApu) ? await readCpuName(context.procfsRoot) : null;
  const entries = devices.map((device, index): Entry => {
    const entry: Entry = {
      device,
      isLost: false,
      isHung: false,
      isSecondDie: false,
      readValues: createSingleFlight(() => readAmdgpuValues(entry.device), readLimitMs),
      rest: createIdleRest(),
      fast: createFastPower({
        clock: context.clock,
        spacingMs: msFromSeconds(amdAverageWindowSeconds),
        sensorWindowSeconds: amdAverageWindowSeconds,
        updateMs: msFromSeconds(amdAverageWindowSeconds),
        readWatts: async () => (entry.isHung ? null : (await readAmdgpuPower(entry.device)).powerWatts),
      }),
      domain: device.isApu ? apuDomain(device, index, cpuName) : cardDomain(device, index),
    };
    return entry;
  });
  const clients = createDrmClients(context);
  const hasCards = devices.some((device) => !device.isApu);
  /** Of a card, and of the second die on its board. */
  function usersOf(entry: Entry): GpuUsers {
    const own = clients.usersOf(entry.device.card.busId);
    const firstDies = firstDiesOf(entries.map(({ isSecondDie }) => isSecondDie));
    const second = entries.find((_, i) => entries[firstDies[i] ?? -1] === entry);
    return second === undefined ? own : usersOfBoard(own, clients.usersOf(second.device.card.busId));
  }
  return {
    domains: () => entries.filter((entry) => !entry.isSecondDie).map((entry) => entry.domain),
    async read(_signal, options = { isEdge: false }) {
      if (hasCards) clients.refresh();
      const readings = await Promise.all(
        entries.map((entry) => readEntry({ entry, users: usersOf(entry), options, context })),
      );
      return readings.filter((reading) => reading !== null);
    },
    async close() {
      clients.close();
      for (const { fast } of entries) fast.close();
    },
  };
}

interface EntryRead {
  readonly entry: Entry;
  readonly users: GpuUsers;
  readonly options: ReadOptions;
  readonly context: SourceContext;
}

/** Null for a card that is left alone to fall asleep, and for the second die of a board. */
async function readEntry(read: EntryRead): Promise<SourceReading | null> {
  const reading = await readOnce(read);
  const { fast } = read.entry;
  const watts = reading?.powerWatts ?? null;
  fast.setWanted(watts !== null && read.context.isRunOn());
  const mean = reading === null || watts === null ? null : fast.take({ atMs: reading.atMs, watts });
  if (reading === null || mean === null) return reading;
  return {
    ...reading,
    powerWatts: mean.watts,
    powerWindowSeconds: mean.windowSeconds,
    powerStandardErrorWatts: mean.standardErrorWatts,
    instantWatts: reading.instantWatts ?? watts,
  };
}

async function readOnce({ entry, users, options, context }: EntryRead): Promise<SourceReading | null> {
  if (entry.isLost) await findAgain(entry, context.sysfsRoot);
  const { device, rest } = entry;
  const power = await readRuntimePower(device.card.devicePath);
  const isUsed = isInUse(users);
  if (isAsleep(power.state)) return asleep(context, entry.domain);
  if (rest.isResting(context.clock.monotonicMs(), options.isEdge || isUsed)) return null;
  const values = await entry.readValues(options.until);
  const atMs = context.clock.monotonicMs();
  const error = exactReading;
  const restSeconds = power.control === 'auto' ? longestRestSeconds : 0;
  const base = { ...unknownValues, atMs, error, restSeconds };
  entry.isHung = values === 'timeout';
  if (values === 'timeout')
    return missing({ ...base, domain: entry.domain }, 'timeout', `The driver did not answer within ${readLimitMs} ms.`);
  entry.isLost = !existsSync(device.card.devicePath) || values.powerTrouble !== null;
  if (!existsSync(device.card.devicePath))
    return missing({ ...base, domain: entry.domain }, 'lost', 'The card is no longer there.');
  if (values.powerTrouble !== null)
    return missing({ ...base, domain: entry.domain }, 'failed', `Its power cannot be read (${values.powerTrouble}).`);
  const { powerTrouble: _, isSecondDie, ...told } = values;
  entry.isSecondDie = isSecondDie;
  if (isSecondDie) return null;
  if (device.isApu) {
    // Memory and use are its graphics' alone, the power is the CPU's too: side by side they would mislead. Nor is its limit the domain's: an APU draws
    // far more than its slow limit for minutes, and what passes a domain's limit by half counts as invalid.
    const { powerWatts, powerWindowSeconds, instantWatts, temperatureCelsius, limitWatts } = told;
    const domain = entry.domain;
    return { ...base, domain, powerWatts, powerWindowSeconds, instantWatts, temperatureCelsius, limitWatts };
  }
  const limitWatts = told.limitWatts ?? entry.domain.limitWatts;
  const memoryTotalBytes = told.memoryTotalBytes ?? entry.domain.memoryTotalBytes;
  if (entry.domain.limitWatts !== limitWatts || entry.domain.memoryTotalBytes !== memoryTotalBytes)
    entry.domain = { ...entry.domain, limitWatts, memoryTotalBytes };
  rest.told(atMs, users.processes !== null && !isUsed && told.utilizationRatio === 0, power);
  return { ...base, domain: entry.domain, ...told, ...users };
}

/** One that has lost its sensor for now is no other card: it is looked for again. */
async function findAgain(entry: Entry, sysfsRoot: string): Promise<void> {
  const devices = (await findAmdgpuDevices(sysfsRoot)).filter(hasPowerSensor);
  entry.device = devices.find((device) => device.identity === entry.device.identity) ?? entry.device;
}

const missing = (base: SourceReading, reason: 'timeout' | 'lost' | 'failed', note: string): SourceReading => ({
  ...base,
  missing: { reason, note },
});

const cardDomain = (device: AmdgpuDevice, index: number): Domain => ({
  ...domainDefaults,
  id: `gpu:${device.identity}`,
  kind: 'gpu',
  name: device.name,
  label: `AMD GPU ${index}`,
  gain: amdCardGain,
  index,
  source: 'amdgpu',
  provenance: 'sensor',
});

const apuDomain = (device: AmdgpuDevice, index: number, cpuName: string | null): Domain => ({
  ...domainDefaults,
  id: `cpu:${index}`,
  kind: 'cpu',
  name: cpuName ?? device.name,
  label: index === 0 ? 'CPU' : `CPU ${index}`,
  gain: amdApuGain,
  index,
  source: 'amd-apu',
  provenance: 'sensor',
});

/** 'AMD Ryzen 7 PRO 7840U w/ Radeon 780M Graphics'; null where /proc/cpuinfo does not name it. */
async function readCpuName(procfsRoot: string): Promise<string | null> {
  const text = await readSysfsText(join(procfsRoot, 'cpuinfo'));
  const name = /^model name\s*:\s*(\S.*)$/m.exec(text ?? '')?.[1]?.trim();
  return name === undefined ? null : name.slice(0, 120);
}
