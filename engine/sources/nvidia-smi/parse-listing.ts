import { bytesFromMebibytes, ratioFromPercent } from '../../../shared/units.ts';
import { type Cell, numberOf, parseCell, quantityOf } from './parse-rows.ts';

/** A GPU of the long listing (`nvidia-smi -q -x`). What the driver did not tell is null, and `missing` holds the words in its place. */
export interface ListedGpu {
  /** Null where the driver gave none; `busId` tells the GPU then. */
  readonly uuid: string | null;
  /** '00000000:0C:00.0', the element's id; null for an empty one. */
  readonly busId: string | null;
  readonly minorNumber: number | null;
  readonly name: string | null;
  readonly architecture: string | null;
  /** Of the whole board, also under MIG: the mean over a second where the driver has it, else the plain value, else the instant one. */
  readonly powerWatts: number | null;
  readonly averagePowerWatts: number | null;
  readonly instantPowerWatts: number | null;
  /** The limit in force; null where there is none (vGPU, some laptops). */
  readonly limitWatts: number | null;
  readonly maxLimitWatts: number | null;
  readonly utilizationRatio: number | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryTotalBytes: number | null;
  readonly temperatureCelsius: number | null;
  readonly clockMegahertz: number | null;
  readonly memoryClockMegahertz: number | null;
  /** Null where the GPU cannot be divided or the driver does not say. */
  readonly isDivided: boolean | null;
  readonly instances: readonly ListedInstance[];
  readonly processes: readonly ListedProcess[];
  /** Name of a value above to what stood in its place: 'N/A', 'Requested functionality has been deprecated', 'not listed'. */
  readonly missing: ReadonlyMap<string, string>;
}

/** A MIG instance. It has no power of its own. */
export interface ListedInstance {
  readonly index: number;
  readonly gpuInstanceId: number | null;
  readonly computeInstanceId: number | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryTotalBytes: number | null;
}

export interface ListedProcess {
  readonly pid: number;
  /** 'C', 'G', 'C+G', 'M+C'; null where it is not told. */
  readonly type: string | null;
  readonly name: string | null;
  /** Null under WDDM, where the driver does not know it. */
  readonly memoryUsedBytes: number | null;
}

export interface Listing {
  readonly driverVersion: string | null;
  /** The newest CUDA that the driver supports; null before the 410 drivers. */
  readonly cudaVersion: string | null;
  /** One for each `<gpu>` element: `<attached_gpus>` also counts those that this user may not see. */
  readonly gpus: readonly ListedGpu[];
}

/**
 * Reads the XML as plain data: a tag is a text, an object (its attributes under `$`), or a list where it repeats.
 * The tags moved three times (drivers 535, 570, 595) under the same schema numbers, so each value is looked for by tag; blocks for the module
 * and the memory (`module_power_readings`, `gpu_memory_power_readings`) have the same tags inside and are never looked into. Null for anything else.
 */
export function parseListing(data: unknown): Listing | null {
  const log = child(data, 'nvidia_smi_log');
  if (!isNode(log)) return null;
  return {
    driverVersion: wordOf(child(log, 'driver_version')),
    cudaVersion: wordOf(child(log, 'cuda_version')),
    gpus: listOf(log, 'gpu').filter(isNode).map(gpuOf),
  };
}

function gpuOf(gpu: Node): ListedGpu {
  const missing = new Map<string, string>();
  /** The first of the paths that holds a number; else the words of the first that is there at all. */
  const take = (name: string, paths: readonly (readonly string[])[], isValid: (cell: Cell) => number | null) => {
    const cells = paths.flatMap((path) => textAt(gpu, path) ?? []).map(parseCell);
    const value = cells.map(isValid).find((number) => number !== null) ?? null;
    if (value === null) missing.set(name, wordsOf(cells[0]));
    return value;
  };
  const power = isNode(child(gpu, 'gpu_power_readings')) ? 'gpu_power_readings' : 'power_readings';
  const watts = (name: string, tags: readonly string[]): number | null =>
    take(
      name,
      tags.map((tag) => [power, tag]),
      quantityOf,
    );
  const mebibytes = (name: string, tag: string): number | null => take(name, [['fb_memory_usage', tag]], quantityOf);
  const utilizationPercent = take('utilizationRatio', [['utilization', 'gpu_util']], percentOf);
  const currentMode = wordOf(child(child(gpu, 'mig_mode'), 'current_mig'));
  return {
    uuid: wordOf(child(gpu, 'uuid')),
    busId: wordOf(child(child(gpu, '$'), 'id')) ?? wordOf(child(child(gpu, 'pci'), 'pci_bus_id')),
    minorNumber: take('minorNumber', [['minor_number']], quantityOf),
    name: wordOf(child(gpu, 'product_name')),
    architecture: wordOf(child(gpu, 'product_architecture')),
    powerWatts: watts('powerWatts', ['average_power_draw', 'power_draw', 'instant_power_draw']),
    averagePowerWatts: watts('averagePowerWatts', ['average_power_draw']),
    instantPowerWatts: watts('instantPowerWatts', ['instant_power_draw']),
    limitWatts: positive(
      watts('limitWatts', ['enforced_power_limit', 'current_power_limit', 'power_limit', 'requested_power_limit']),
    ),
    maxLimitWatts: positive(watts('maxLimitWatts', ['max_power_limit'])),
    utilizationRatio: utilizationPercent === null ? null : ratioFromPercent(utilizationPercent),
    memoryUsedBytes: bytesOf(mebibytes('memoryUsedBytes', 'used')),
    memoryTotalBytes: bytesOf(mebibytes('memoryTotalBytes', 'total')),
    temperatureCelsius: take('temperatureCelsius', [['temperature', 'gpu_temp']], numberOf),
    clockMegahertz: take('clockMegahertz', [['clocks', 'sm_clock']], quantityOf),
    memoryClockMegahertz: take('memoryClockMegahertz', [['clocks', 'mem_clock']], quantityOf),
    isDivided: currentMode === null ? null : currentMode === 'Enabled',
    instances: listOf(child(gpu, 'mig_devices'), 'mig_device').flatMap(instanceOf),
    processes: listOf(child(gpu, 'processes'), 'process_info').flatMap(processOf),
    missing,
  };
}

function instanceOf(device: unknown): readonly ListedInstance[] {
  const number = (...path: readonly string[]): number | null => quantityOf(parseCell(textAt(device, path) ?? ''));
  const index = number('index');
  if (index === null) return [];
  return [
    {
      index,
      gpuInstanceId: number('gpu_instance_id'),
      computeInstanceId: number('compute_instance_id'),
      memoryUsedBytes: bytesOf(number('fb_memory_usage', 'used')),
      memoryTotalBytes: bytesOf(number('fb_memory_usage', 'total')),
    },
  ];
}

function processOf(info: unknown): readonly ListedProcess[] {
  const pid = quantityOf(parseCell(textAt(info, ['pid']) ?? ''));
  if (pid === null || !Number.isSafeInteger(pid) || pid === 0) return [];
  return [
    {
      pid,
      type: wordOf(child(info, 'type')),
      name: wordOf(child(info, 'process_name')),
      memoryUsedBytes: bytesOf(quantityOf(parseCell(textAt(info, ['used_memory']) ?? ''))),
    },
  ];
}

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A tag inside; the first one where it repeats; undefined where there is none. Names of Object's own prototype are no tags. */
function child(node: unknown, tag: string): unknown {
  if (!isNode(node) || !Object.hasOwn(node, tag)) return undefined;
  const inside = node[tag];
  return Array.isArray(inside) ? inside[0] : inside;
}

function listOf(node: unknown, tag: string): readonly unknown[] {
  if (!isNode(node) || !Object.hasOwn(node, tag)) return [];
  const inside = node[tag];
  return Array.isArray(inside) ? inside : [inside];
}

/** Text of a tag; under `_` where the tag has attributes or tags beside it. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  const inside = isNode(value) ? child(value, '_') : undefined;
  return typeof inside === 'string' ? inside : null;
}

const textAt = (node: unknown, path: readonly string[]): string | null => textOf(path.reduce<unknown>(child, node));

/** A text that says something: not empty, not one of the words for 'no value'. */
function wordOf(value: unknown): string | null {
  const word = (textOf(value) ?? '').trim();
  return word === '' || noValue.test(word) ? null : word;
}

const noValue =
  /^\[?(?:N\/A|Not Found|Function Not Found|Unknown Error|Requested functionality has been deprecated)\]?$/i;

function wordsOf(cell: Cell | undefined): string {
  if (cell === undefined) return 'not listed';
  return cell.kind === 'missing' ? cell.text : `out of range: ${cell.value}`;
}

function percentOf(cell: Cell): number | null {
  const percent = quantityOf(cell);
  return percent === null || percent > 100 ? null : percent;
}

const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);
const bytesOf = (mebibytes: number | null): number | null =>
  mebibytes === null ? null : bytesFromMebibytes(mebibytes);
