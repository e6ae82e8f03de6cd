import { type Domain, domainDefaults } from '../../../shared/model/domain.ts';
import { bytesFromMebibytes, msFromSeconds, ratioFromPercent } from '../../../shared/units.ts';
import { nvidiaPowerError, powerWindowSecondsOf, throttleReasonsOf } from '../nvidia/nvidia-facts.ts';
import {
  type GpuProcess,
  type ProbeResult,
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unavailable,
  unknownValues,
} from '../source.ts';
import { withTimeout } from '../with-timeout.ts';
import { findNvidiaSmi } from './find-nvidia-smi.ts';
import { architectureNumber, type InventoryEntry, readInventory } from './inventory.ts';
import { numberOf, parseCell, parseTimestamp, type SmiRow } from './parse-rows.ts';
import { createProcessList } from './process-list.ts';
import { createSmiStream, type SmiStream } from './smi-stream.ts';

/**
 * Asked for in this order; `name` is free text and stays last. A field that a driver does not know is left out of the next try: asking for its list of
 * fields first would cost every start a process.
 */
const wantedFields = [
  'timestamp',
  'uuid',
  'index',
  'pci.bus_id',
  'power.draw',
  'power.draw.average',
  'enforced.power.limit',
  'power.limit',
  'utilization.gpu',
  'memory.used',
  'memory.total',
  'temperature.gpu',
  'clocks.sm',
  'clocks.mem',
  'clocks_event_reasons.active',
  'name',
] as const;
const probeTimeoutMs = 8000;

export const nvidiaSmiSource: SourceDefinition = {
  descriptor: {
    id: 'nvidia-smi',
    label: 'nvidia-smi stream',
    measures: 'NVIDIA GPUs: power, use, memory, temperature, clocks, processes',
    provenance: 'sensor',
    sameNumberCommand:
      'nvidia-smi --query-gpu=index,power.draw,utilization.gpu,memory.used,temperature.gpu --format=csv -l 1',
  },
  probe,
};

async function probe(context: SourceContext): Promise<ProbeResult> {
  const path = findNvidiaSmi(context.environment);
  if (path === null)
    return unavailable('There is no nvidia-smi on PATH or in its usual places: no NVIDIA driver on this machine.');
  const source = createSmiSource(path, context);
  const answer = await withTimeout(source.firstRow, probeTimeoutMs);
  if (answer === 'row')
    return { kind: 'available', covers: ['nvidia-gpu'], how: `${path}, one stream`, open: async () => source };
  await source.close();
  return unavailable(answer === 'timeout' ? `${path} answered nothing within 8 s.` : answer);
}

interface Gpu {
  readonly uuid: string;
  readonly busId: string;
  readonly domain: Domain;
  readonly powerWindowSeconds: number;
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
  const windows = new Map<string, number>();
  let waiting: SourceReading[] = [];
  let answer: (words: string) => void = () => {};
  const firstRow = new Promise<string>((resolve) => {
    answer = resolve;
  });
  const processes = createProcessList(path, context);

  // Asked once beside the stream: it only says which architecture's window a reading has.
  readInventory().then((entries) => {
    for (const entry of entries) windows.set(entry.uuid, windowOf(entry));
  });

  function gpuOf(row: SmiRow): Gpu {
    const uuid = row.cells.get('uuid') ?? '';
    const known = gpus.get(uuid);
    if (known !== undefined) return known;
    const gpu = gpuFromRow(uuid, row, clock.monotonicMs());
    gpus.set(uuid, gpu);
    return gpu;
  }

  function receive(row: SmiRow, arrivedAtMs: number): void {
    answer('row');
    const gpu = gpuOf(row);
    gpu.lastRowAtMs = arrivedAtMs;
    gpu.lostNote = null;
    const atMs = rowTimeMs(row, arrivedAtMs, context);
    waiting.push(
      readingFromRow({
        row,
        gpu,
        atMs,
        windowSeconds: windows.get(gpu.uuid) ?? gpu.powerWindowSeconds,
        processes: processes.of(gpu.uuid),
        processesAtMs: processes.atMs(),
      }),
    );
  }

  function hear(words: string): void {
    const busId = /GPU\s?([0-9A-F]{4,8}:[0-9A-F]{2}:[0-9A-F]{2}\.\d)/i.exec(words)?.[1];
    const gpu =
      busId === undefined
        ? undefined
        : [...gpus.values()].find((one) => one.busId.toLowerCase().endsWith(busId.toLowerCase()));
    if (gpu !== undefined) gpu.lostNote = words;
  }

  const open = (atPeriodMs: number): SmiStream =>
    createSmiStream({
      path,
      fields: wantedFields,
      periodMs: atPeriodMs,
      clock,
      onRow: receive,
      onWords: hear,
      onEnd: (reason) => answer(`nvidia-smi gives no reading: ${reason}.`),
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

  return {
    firstRow,
    domains: () => [...gpus.values()].map((gpu) => gpu.domain),
    async read() {
      followPeriod();
      const staleMs = Math.max(3000, 3 * periodMs);
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
    },
  };
}

/** A row's own time, if its zone-less clock agrees with ours within 5 s; else the time it arrived. */
function rowTimeMs(row: SmiRow, arrivedAtMs: number, context: SourceContext): number {
  const unixMs = parseTimestamp(row.cells.get('timestamp') ?? '');
  const atMs = unixMs === null ? Number.NaN : context.timeline.monotonicFromUnix(unixMs);
  return Math.abs(atMs - arrivedAtMs) < 5000 ? Math.min(atMs, arrivedAtMs) : arrivedAtMs;
}

const windowOf = (entry: InventoryEntry): number =>
  powerWindowSecondsOf({ name: entry.name ?? '', architecture: architectureNumber(entry.architecture) });

function gpuFromRow(uuid: string, row: SmiRow, nowMs: number): Gpu {
  const number = (field: string): number | null => numberOf(parseCell(row.cells.get(field) ?? ''));
  const index = number('index') ?? 0;
  const totalMebibytes = number('memory.total');
  return {
    uuid,
    busId: row.cells.get('pci.bus_id') ?? '',
    powerWindowSeconds: 0,
    lastRowAtMs: nowMs,
    lostNote: null,
    domain: {
      ...domainDefaults,
      id: `gpu:${uuid}`,
      kind: 'gpu',
      name: row.cells.get('name') ?? 'NVIDIA GPU',
      label: `GPU ${index}`,
      index,
      limitWatts: positive(number('enforced.power.limit')) ?? positive(number('power.limit')),
      memoryTotalBytes: totalMebibytes === null ? null : bytesFromMebibytes(totalMebibytes),
      source: 'nvidia-smi',
      provenance: 'sensor',
      isSimulated: false,
    },
  };
}

const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);

interface RowInput {
  readonly row: SmiRow;
  readonly gpu: Gpu;
  readonly atMs: number;
  /** Window of plain power.draw, by the GPU's architecture. */
  readonly windowSeconds: number;
  readonly processes: readonly GpuProcess[] | null;
  readonly processesAtMs: number | null;
}

function readingFromRow({ row, gpu, atMs, windowSeconds, processes, processesAtMs }: RowInput): SourceReading {
  const number = (field: string): number | null => numberOf(parseCell(row.cells.get(field) ?? ''));
  const averageWatts = number('power.draw.average');
  const powerWatts = averageWatts ?? number('power.draw');
  const base = { domain: gpu.domain, ...unknownValues, atMs, error: nvidiaPowerError };
  const words = parseCell(row.cells.get('power.draw') ?? '');
  if (powerWatts === null && words.kind === 'missing' && /lost|requires reset|unknown error/i.test(words.text)) {
    return { ...base, missing: { reason: 'lost', note: `nvidia-smi says: ${words.text}` } };
  }
  const percent = number('utilization.gpu');
  const usedMebibytes = number('memory.used');
  return {
    ...base,
    powerWatts,
    powerWindowSeconds: averageWatts === null ? windowSeconds : 1,
    utilizationRatio: percent === null ? null : ratioFromPercent(percent),
    memoryUsedBytes: usedMebibytes === null ? null : bytesFromMebibytes(usedMebibytes),
    memoryTotalBytes: gpu.domain.memoryTotalBytes,
    temperatureCelsius: number('temperature.gpu'),
    clockMegahertz: number('clocks.sm'),
    memoryClockMegahertz: number('clocks.mem'),
    limitWatts: positive(number('enforced.power.limit')) ?? positive(number('power.limit')) ?? gpu.domain.limitWatts,
    throttleReasons: throttleReasonsOf(
      number('clocks_event_reasons.active') ?? number('clocks_throttle_reasons.active') ?? 0,
    ),
    processes,
    processesAtMs,
  };
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
  return {
    domain: gpu.domain,
    ...unknownValues,
    atMs: nowMs,
    error: nvidiaPowerError,
    missing: { reason: isLost ? 'lost' : 'timeout', note },
  };
}
