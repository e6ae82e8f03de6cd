import { z } from 'zod';
import type { Domain } from '../../../shared/model/domain.ts';
import { msFromSeconds, secondsFromMs } from '../../../shared/units.ts';
import { nvidiaPowerError } from '../nvidia/nvidia-facts.ts';
import {
  failingNow,
  type GpuDriver,
  type ProbeResult,
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unavailable,
  unknownValues,
} from '../source.ts';
import { normalizeBusId } from '../sysfs/bus-id.ts';
import { withTimeout } from '../with-timeout.ts';
import { findNvidiaSmi } from './find-nvidia-smi.ts';
import { architectureNumber, readInventory } from './inventory.ts';
import { knownFields } from './parse-field-help.ts';
import { parseTimestamp, type SmiRow } from './parse-rows.ts';
import { parseTrouble } from './parse-trouble.ts';
import { createPartTimePower } from './part-time-power.ts';
import { createProcessList } from './process-list.ts';
import { runTool } from './run-tool.ts';
import { createSmShares } from './sm-shares.ts';
import { wantedFields } from './smi-fields.ts';
import { domainFromRow, numberIn, type PowerKind, powerKindOf, readingFromRow, sampledSensor } from './smi-reading.ts';
import { createSmiStream, type SmiStream } from './smi-stream.ts';

const probeTimeoutMs = 12_000;
const helpTimeoutMs = 5000;
const singleTimeoutMs = 5000;
/** After this long it is asked again for a GPU that the long listing did not tell of, or once the stream has ended: the driver may be another one. */
const askAgainMs = 10_000;

export const nvidiaSmiSource: SourceDefinition = {
  descriptor: {
    id: 'nvidia-smi',
    label: 'nvidia-smi stream',
    measures: 'NVIDIA GPUs: power, use, memory, temperature, clocks, processes',
    provenance: 'sensor',
    standsInFor: 'nvml',
    sameNumberCommand:
      'nvidia-smi --query-gpu=index,power.draw,utilization.gpu,memory.used,temperature.gpu --format=csv -l 1',
  },
  probe,
  isExpected: ({ environment }) => findNvidiaSmi(environment) !== null,
};

async function probe(context: SourceContext): Promise<ProbeResult> {
  const path = findNvidiaSmi(context.environment);
  if (path === null)
    return unavailable('There is no nvidia-smi on PATH or in its usual places: no NVIDIA driver on this machine.');
  const source = createSmiSource(path, context);
  const answer = await withTimeout(source.firstRow, probeTimeoutMs);
  if (answer === 'row' || (answer === 'timeout' && (await isAnswering(path)))) return found(path, source, context);
  await source.close();
  return failingNow(
    answer === 'timeout' ? `${path} answered nothing within ${secondsFromMs(probeTimeoutMs)} s.` : answer,
  );
}

/** A tool that fills a buffer before it writes into a pipe prints its first rows late, one after another of them; asked for a single one it ends, and writes that. */
async function isAnswering(path: string): Promise<boolean> {
  const { stdout } = await runTool(path, ['--query-gpu=uuid', '--format=csv,noheader'], singleTimeoutMs);
  return /^GPU-/m.test(stdout);
}

/** A source that was found and is not wanted after all must not stream on. */
const unwantedAfterMs = 5000;

function found(path: string, source: Source, context: SourceContext): ProbeResult {
  let waiting: Source | null = source;
  const timer = setTimeout(() => {
    waiting?.close();
    waiting = null;
  }, unwantedAfterMs);
  timer.unref();
  return {
    kind: 'available',
    covers: ['nvidia-gpu'],
    how: `${path}, one stream`,
    open: async () => {
      clearTimeout(timer);
      const opened = waiting ?? createSmiSource(path, context);
      waiting = null;
      return opened;
    },
  };
}

interface Gpu {
  readonly uuid: string;
  readonly busId: string | null;
  domain: Domain;
  kind: PowerKind;
  hasAverage: boolean;
  isScreenOn: boolean;
  lastRowAtMs: number;
  lostNote: string | null;
}

interface SmiSource extends Source {
  /** 'row' with the first row, or what the tool said in its place when it ended without one. */
  readonly firstRow: Promise<string>;
}

function createSmiSource(path: string, context: SourceContext): SmiSource {
  const { clock } = context;
  const gpus = new Map<string, Gpu>();
  const architectures = new Map<string, number | null>();
  let known: ReadonlySet<string> = new Set();
  let driver: GpuDriver | null = null;
  let waiting: SourceReading[] = [];
  let answer: (words: string) => void = () => {};
  const firstRow = new Promise<string>((resolve) => {
    answer = resolve;
  });
  const shares = createSmShares({ path, clock, log: context.log });
  const indexOf = (uuid: string): number | null => gpus.get(uuid)?.domain.index ?? null;
  const processes = createProcessList({
    path,
    context,
    shares,
    indexOf,
    isScreenOn: (uuid) => gpus.get(uuid)?.isScreenOn === true,
    rowTimeMs: (timestamp, arrivedAtMs) => rowTimeMs(timestamp, arrivedAtMs, context),
  });
  const fast = createPartTimePower({
    path,
    context,
    knownFields: () => known,
    rowTimeMs: (row, arrivedAtMs) => rowTimeMs(timestampOf(row), arrivedAtMs, context),
  });

  let askedAtMs = Number.NEGATIVE_INFINITY;
  let mayDriverBeNew = false;

  /** Beside the stream: which architecture's window a reading has, and what the driver knows should it refuse a field. The answers of a driver that was busy are empty. */
  function askTool(): void {
    askedAtMs = clock.monotonicMs();
    mayDriverBeNew = false;
    readInventory(path).then((inventory) => {
      driver = inventory.driver ?? driver;
      for (const entry of inventory.gpus) architectures.set(entry.uuid, architectureNumber(entry.architecture));
    });
    runTool(path, ['--help-query-gpu'], helpTimeoutMs).then((help) => {
      const told = knownFields(help.stdout);
      if (told.size > 0) known = told;
    });
  }
  askTool();

  function gpuOf(row: SmiRow): Gpu {
    const uuid = row.cells.get('uuid') ?? '';
    const isUntold = !architectures.has(uuid) || mayDriverBeNew;
    if (isUntold && clock.monotonicMs() - askedAtMs > askAgainMs) askTool();
    const architecture = architectures.get(uuid) ?? null;
    const found = gpus.get(uuid);
    const domain = domainFromRow(row, architecture, found?.domain ?? null);
    // Its shares are told by that number: from now on another GPU has it.
    if (found !== undefined && found.domain.index !== domain.index) shares.renew();
    const gpu: Gpu = found ?? {
      uuid,
      busId: normalizeBusId(row.cells.get('pci.bus_id') ?? ''),
      domain,
      kind: powerKindOf({ name: domain.name, architecture }),
      hasAverage: false,
      isScreenOn: false,
      lastRowAtMs: clock.monotonicMs(),
      lostNote: null,
    };
    gpu.domain = domain;
    gpu.kind = powerKindOf({ name: domain.name, architecture });
    gpu.isScreenOn = row.cells.get('display_active') === 'Enabled';
    gpu.hasAverage ||= numberIn(row, 'power.draw.average') !== null;
    gpus.set(uuid, gpu);
    return gpu;
  }

  function receive(row: SmiRow, arrivedAtMs: number): void {
    answer('row');
    const gpu = gpuOf(row);
    followSensors();
    gpu.lastRowAtMs = arrivedAtMs;
    gpu.lostNote = null;
    const atMs = rowTimeMs(timestampOf(row), arrivedAtMs, context);
    const watts = numberIn(row, 'power.draw.instant') ?? numberIn(row, 'power.draw');
    const taken = watts === null ? null : fast.take(gpu.uuid, { atMs, watts }, sampledSensor(row, gpu.kind));
    waiting.push(
      readingFromRow({
        row,
        atMs,
        mean: taken?.mean ?? null,
        samples: taken?.samples ?? [],
        domain: gpu.domain,
        kind: gpu.kind,
        processes: processes.of(gpu.uuid),
        processesAtMs: processes.atMs(),
      }),
    );
  }

  function hear(words: string): void {
    const trouble = parseTrouble(words);
    const gpu = [...gpus.values()].find((one) => one.busId !== null && one.busId === trouble?.busId);
    if (gpu !== undefined) gpu.lostNote = words;
  }

  /** The stream is over and starts anew in a moment: until then nothing is read, and that is said at once. */
  function ended(reason: string): void {
    const words = reason.replace(/\.$/, '');
    answer(`nvidia-smi gives no reading: ${words}.`);
    mayDriverBeNew = true;
    const atMs = clock.monotonicMs();
    for (const gpu of gpus.values()) {
      // It may end because of one GPU, and has said which.
      const { lostNote } = gpu;
      const missing =
        lostNote === null
          ? ({ reason: 'failed', note: `${words}.` } as const)
          : ({ reason: 'lost', note: lostNote } as const);
      waiting.push(missingReading(gpu.domain, atMs, missing));
    }
  }

  const open = (atPeriodMs: number): SmiStream =>
    createSmiStream({
      path,
      wanted: wantedFields,
      knownFields: () => known,
      firstTry: readFoundFields(path, context),
      onFound: (fields) => context.learned.write(foundFieldsKey(path), { fields: [...fields] }),
      periodMs: atPeriodMs,
      clock,
      onRow: receive,
      onWords: hear,
      onEnd: ended,
      log: context.log,
    });
  let periodMs = msFromSeconds(context.periodSeconds());
  let stream = open(periodMs);

  /** A stream keeps the period it was started with: another period is another stream. */
  function followPeriod(): void {
    const wantedMs = msFromSeconds(context.periodSeconds());
    if (wantedMs === periodMs) return;
    stream.close();
    periodMs = wantedMs;
    stream = open(periodMs);
  }

  /** A sensor that gives no mean over the period has to be asked at its own pace. */
  function followSensors(): void {
    const needsMore = (gpu: Gpu): boolean =>
      !gpu.hasAverage && gpu.kind.windowSeconds === 0 && msFromSeconds(gpu.kind.sensor.windowSeconds) < periodMs;
    // Where a stretch of energy begins or ends within a second, that second is divided by how the power went within it.
    fast.setWanted(context.isFineTimeWanted() || [...gpus.values()].some(needsMore));
  }

  return {
    firstRow,
    domains: () => [...gpus.values()].map((gpu) => gpu.domain),
    driver: () => driver,
    async read() {
      followPeriod();
      followSensors();
      const staleMs = Math.max(2000, 2.5 * periodMs);
      const nowMs = clock.monotonicMs();
      const fresh = waiting;
      waiting = [];
      const heard = new Set(fresh.map((reading) => reading.domain.id));
      const newestMs = Math.max(...[...gpus.values()].map((gpu) => gpu.lastRowAtMs));
      const silent = [...gpus.values()].filter((gpu) => !heard.has(gpu.domain.id) && nowMs - gpu.lastRowAtMs > staleMs);
      processes.refresh();
      return [
        ...fresh,
        ...silent.map((gpu) =>
          silentReading(gpu, nowMs, { areOthersHeard: nowMs - newestMs <= staleMs, trouble: stream.trouble() }),
        ),
      ];
    },
    async close() {
      stream.close();
      fast.close();
      processes.close();
      shares.close();
    },
  };
}

const foundFieldsSchema = z.object({ fields: z.array(z.string()).min(1) });
const foundFieldsKey = (path: string): string => `nvidia-smi:${path}`;

/** What this tool, which does not say what it knows, answered the last time. */
function readFoundFields(path: string, { learned }: SourceContext): readonly string[] | null {
  const parsed = foundFieldsSchema.safeParse(learned.read(foundFieldsKey(path)));
  return parsed.success ? parsed.data.fields : null;
}

/** Time zones differ by a quarter of an hour at least, and a tool that writes through a pipe's buffer may hold rows back for a while. */
const latestRowMs = 60_000;

const timestampOf = (row: SmiRow): string => row.cells.get('timestamp') ?? '';

/** A row's own time, if its zone-less clock agrees with ours within a minute; else the time it arrived. */
function rowTimeMs(timestamp: string, arrivedAtMs: number, context: SourceContext): number {
  const unixMs = parseTimestamp(timestamp);
  const atMs = unixMs === null ? Number.NaN : context.timeline.monotonicFromUnix(unixMs);
  return Math.abs(atMs - arrivedAtMs) < latestRowMs ? Math.min(atMs, arrivedAtMs) : arrivedAtMs;
}

function missingReading(domain: Domain, atMs: number, missing: NonNullable<SourceReading['missing']>): SourceReading {
  return { domain, ...unknownValues, atMs, error: nvidiaPowerError, missing };
}

function silentReading(
  gpu: Gpu,
  nowMs: number,
  other: { readonly areOthersHeard: boolean; readonly trouble: string | null },
): SourceReading {
  const isLost = gpu.lostNote !== null || other.areOthersHeard;
  const note =
    gpu.lostNote ??
    other.trouble ??
    (isLost ? 'nvidia-smi lists the other GPUs, not this one.' : 'nvidia-smi gives nothing.');
  const reason = isLost ? 'lost' : other.trouble === null ? 'timeout' : 'failed';
  return missingReading(gpu.domain, nowMs, { reason, note });
}
