import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import { secondsFromMs } from '../../../shared/units.ts';
import { amdAverageWindowSeconds, amdCardGain, isApuDevice } from '../amdgpu/amd-facts.ts';
import { findAmdgpuDevices } from '../amdgpu/amdgpu-devices.ts';
import {
  exactReading,
  type ProbeResult,
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unavailable,
  unknownValues,
} from '../source.ts';
import { listGpuDevices } from '../sysfs/gpu-devices.ts';
import { asleep } from '../sysfs/idle-rest.ts';
import { findSleepingGpus } from '../sysfs/runtime-power.ts';
import type { AmdSmiGpu } from './amd-smi-gpu.ts';
import { askIdentities, askMetrics, longestAnswerMs, mergeGpu } from './ask-amd-tool.ts';
import { type CounterCheck, createCounterCheck } from './counter-check.ts';
import { type AmdTool, findAmdTools } from './find-amd-tool.ts';
import { wholeGpus } from './whole-gpus.ts';

/** Each call starts a Python interpreter: no oftener than this. */
const askEveryMs = 2000;
/** Timers fire a little early or late: a tick at 1.999 s must not leave the question to the next one. */
const earlyMs = 100;
const silentAfterMs = 10_000;

/** AMD GPUs through AMD's own tools, where the driver's files give no power. */
export const amdSmiSource: SourceDefinition = {
  descriptor: {
    id: 'amd-smi',
    label: 'amd-smi, rocm-smi',
    measures: 'AMD GPUs: power, use, memory, temperature, clocks, every 2 s',
    provenance: 'sensor',
    sameNumberCommand: 'amd-smi metric --power   # or: rocm-smi --showpower',
  },
  probe,
};

async function probe(context: SourceContext): Promise<ProbeResult> {
  if ((await listGpuDevices(context.sysfsRoot, 'amd')).length === 0) return unavailable('There is no AMD GPU.');
  const tools = findAmdTools(context.environment);
  if (tools.length === 0)
    return unavailable('There is neither amd-smi nor rocm-smi on PATH or in /opt/rocm/bin: ROCm is not installed.');
  const [asleep] = await findSleepingGpus(context.sysfsRoot, 'amd');
  if (asleep !== undefined) return unavailable(`The AMD GPU at ${asleep} sleeps, and AMD's tools would wake it.`);
  const apus = await findApuAddresses(context.sysfsRoot);
  const reasons: string[] = [];
  for (const tool of tools) {
    const answer = await askMetrics(tool, AbortSignal.timeout(6000));
    if (answer.kind === 'refused') reasons.push(`${tool.kind}: ${answer.reason}`);
    else if (!answer.gpus.some((gpu) => gpu.powerWatts !== null)) reasons.push(`${tool.kind}: it tells no GPU's power`);
    else {
      const identities = await askIdentities(tool, AbortSignal.timeout(11_000));
      const told = answer.gpus.map((gpu) => withIdentity(gpu, identities));
      const gpus = wholeGpus(told.filter((gpu) => !isIn(apus, gpu)));
      if (gpus.length > 0)
        return {
          kind: 'available',
          covers: ['amd-gpu'],
          how: `${tool.path}, every 2 s`,
          open: async () => createAmdSmiSource({ tool, gpus, identities, listedCount: told.length, context }),
        };
      reasons.push(`${tool.kind}: it tells only of an APU, whose power is the CPU's too`);
    }
  }
  return unavailable(`AMD's tools give no power (${reasons.join('; ')}).`);
}

/** An APU's power includes the CPU, which other sources measure. On the bus it is seen even where a container hides the driver's files. */
async function findApuAddresses(sysfsRoot: string): Promise<ReadonlySet<string>> {
  const [driven, onBus] = await Promise.all([findAmdgpuDevices(sysfsRoot), listGpuDevices(sysfsRoot, 'amd')]);
  return new Set([
    ...driven.flatMap(({ card, isApu }) => (isApu && card.busId !== null ? [card.busId] : [])),
    ...onBus.flatMap(({ busId, deviceId }) => (isApuDevice(deviceId) ? [busId] : [])),
  ]);
}

const isIn = (addresses: ReadonlySet<string>, gpu: AmdSmiGpu): boolean =>
  gpu.busId !== null && addresses.has(gpu.busId);

const withIdentity = (gpu: AmdSmiGpu, identities: ReadonlyMap<number, AmdSmiGpu>): AmdSmiGpu => {
  const identity = identities.get(gpu.index);
  return identity === undefined ? gpu : mergeGpu(gpu, identity);
};

interface SourceOptions {
  readonly tool: AmdTool;
  /** As the probe found them. */
  readonly gpus: readonly AmdSmiGpu[];
  readonly identities: ReadonlyMap<number, AmdSmiGpu>;
  /** How many the tool listed, with those that are not measured. */
  readonly listedCount: number;
  readonly context: SourceContext;
}

interface Entry {
  readonly domain: Domain;
  readonly counter: CounterCheck;
  lastAtMs: number;
  /** What the tool said last in place of this GPU's values; null after these. */
  trouble: { readonly reason: 'lost' | 'timeout'; readonly words: string } | null;
}

function createAmdSmiSource({ tool, gpus, context, ...found }: SourceOptions): Source {
  const { clock } = context;
  let { identities, listedCount } = found;
  const openedAtMs = clock.monotonicMs();
  const entries = new Map(
    gpus.map((gpu): [string, Entry] => [
      idOf(gpu),
      { domain: domainOf(gpu), counter: createCounterCheck(), lastAtMs: openedAtMs, trouble: null },
    ]),
  );
  const closing = new AbortController();
  let waiting: SourceReading[] = [];
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;
  let isAsleep = false;

  /** By domain. The tool numbers its GPUs anew when one has fallen off the bus: the numbers are then asked for again. */
  async function namedGpus(listed: readonly AmdSmiGpu[]): Promise<ReadonlyMap<string, AmdSmiGpu>> {
    if (listed.length !== listedCount) {
      const anew = await askIdentities(tool, closing.signal);
      // Until it tells who is who, none is taken for another.
      if (anew.size === 0 && identities.size > 0) return new Map();
      identities = anew;
      listedCount = listed.length;
    }
    return new Map(wholeGpus(listed.map((gpu) => withIdentity(gpu, identities))).map((gpu) => [idOf(gpu), gpu]));
  }

  async function ask(): Promise<void> {
    isAsleep = (await findSleepingGpus(context.sysfsRoot, 'amd')).length > 0;
    if (isAsleep) for (const entry of entries.values()) entry.lastAtMs = clock.monotonicMs();
    if (isAsleep || closing.signal.aborted) return;
    const answer = await askMetrics(tool, closing.signal);
    const atMs = clock.monotonicMs();
    const told = answer.kind === 'gpus' ? await namedGpus(answer.gpus) : new Map<string, AmdSmiGpu>();
    for (const [id, entry] of entries) {
      const gpu = told.get(id);
      if (gpu !== undefined) {
        entry.lastAtMs = atMs;
        entry.trouble = null;
        waiting.push(readingOf(entry, gpu, atMs));
      } else if (answer.kind === 'refused') entry.trouble = { reason: 'timeout', words: answer.reason };
      else entry.trouble = { reason: 'lost', words: 'it names this GPU no longer' };
    }
  }

  return {
    domains: () => [...entries.values()].map((entry) => entry.domain),
    async read() {
      const nowMs = clock.monotonicMs();
      if (asking === null && nowMs - askedAtMs >= askEveryMs - earlyMs) {
        askedAtMs = nowMs;
        asking = ask().finally(() => {
          asking = null;
        });
      }
      const fresh = waiting;
      waiting = [];
      // The tool would wake it, and tells of all GPUs or none: what they draw meanwhile is not known, and what was said last is no power of now.
      if (isAsleep) return [...fresh, ...[...entries.values()].map((entry) => asleep(context, entry.domain))];
      const silent = [...entries.values()].filter((entry) => nowMs - entry.lastAtMs > silentAfterMs);
      return [...fresh, ...silent.map((entry) => silentReading(entry, tool, nowMs))];
    },
    async close() {
      closing.abort();
      await asking;
    },
  };
}

function readingOf(entry: Entry, gpu: AmdSmiGpu, atMs: number): SourceReading {
  const { index: _, busId: __, uniqueId: ___, name: ____, isSecondDie: _____, powerKind, counterJoules, ...told } = gpu;
  return {
    ...unknownValues,
    ...told,
    domain: entry.domain,
    atMs,
    error: exactReading,
    powerWindowSeconds: powerKind === 'average' ? amdAverageWindowSeconds : 0,
    counterJoules: entry.counter.check({ atMs, counterJoules, powerWatts: gpu.powerWatts }),
    // The tool prints what the driver said at some moment between its start and its end; half a second is by judgement.
    counterLagSeconds: 0.5,
    // A tool that takes its time is no gap, as long as it answers: it is asked again with the first tick after.
    restSeconds: secondsFromMs(longestAnswerMs),
  };
}

function silentReading(entry: Entry, tool: AmdTool, nowMs: number): SourceReading {
  const { reason, words } = entry.trouble ?? { reason: 'timeout', words: 'it has not answered' };
  const note = `${tool.kind} gives nothing: ${words}.`;
  return {
    ...unknownValues,
    domain: entry.domain,
    atMs: nowMs,
    error: exactReading,
    missing: { reason, note },
  };
}

const idOf = (gpu: AmdSmiGpu): string => `gpu:${gpu.uniqueId ?? gpu.busId ?? `amd-${gpu.index}`}`;

const domainOf = (gpu: AmdSmiGpu): Domain => ({
  ...domainDefaults,
  gain: amdCardGain,
  id: idOf(gpu),
  kind: 'gpu',
  name: gpu.name ?? 'AMD GPU',
  label: `AMD GPU ${gpu.index}`,
  index: gpu.index,
  limitWatts: gpu.limitWatts,
  memoryTotalBytes: gpu.memoryTotalBytes,
  source: 'amd-smi',
  provenance: 'sensor',
});
