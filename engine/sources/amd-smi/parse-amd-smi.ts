import { bytesFromMebibytes, ratioFromPercent } from '../../../shared/units.ts';
import { uniqueIdentity } from '../amdgpu/amdgpu-devices.ts';
import { normalizeBusId } from '../sysfs/bus-id.ts';
import { type AmdSmiAnswer, type AmdSmiGpu, fieldsOf, refused, unknownGpu } from './amd-smi-gpu.ts';
import { findJson } from './find-json.ts';

/**
 * `amd-smi metric --json`, `amd-smi static --json` and `amd-smi list --json`: a list of GPUs, or an object with `gpu_data` (ROCm 6.4 and later). A value
 * is `{ value, unit }`, a bare number or 'N/A', and whole groups collapse to 'N/A'. What a command does not tell is null. Never throws.
 */
export function parseAmdSmi(text: string): AmdSmiAnswer {
  const found = findJson(text);
  if (found.kind === 'refused') return found;
  const list = Array.isArray(found.value) ? found.value : fieldsOf(found.value).gpu_data;
  if (!Array.isArray(list)) return refused(errorOf(found.value) ?? 'its JSON has no list of GPUs');
  const gpus = list.flatMap((entry) => gpuOf(fieldsOf(entry)) ?? []);
  return gpus.length === 0 ? refused('its JSON names no GPU') : { kind: 'gpus', gpus };
}

const mostErrorCharacters = 160;

/** `{"error": "Parameter '--energy' is invalid. …", "code": -2}`: in the tool's words, without a full stop. */
const errorOf = (answer: unknown): string | null =>
  textOf(fieldsOf(answer).error)?.slice(0, mostErrorCharacters).replace(/\.$/, '') ?? null;

function gpuOf(entry: Readonly<Record<string, unknown>>): AmdSmiGpu | null {
  const index = numberOf(entry.gpu);
  if (index === null || !Number.isInteger(index) || index < 0) return null;
  const [power, usage, memory, temperature, clock, limit, asic, bus] = [
    entry.power,
    entry.usage,
    entry.mem_usage,
    entry.temperature,
    entry.clock,
    entry.limit,
    entry.asic,
    entry.bus,
  ].map(fieldsOf);
  const vram = fieldsOf(fieldsOf(entry.vram).size);
  const busy = inUnit(usage?.gfx_activity, '%');
  const used = inUnit(memory?.used_vram, 'MB');
  const total = inUnit(memory?.total_vram, 'MB') ?? inUnit(vram, 'MB');
  return {
    ...unknownGpu,
    index,
    busId: normalizeBusId(textOf(entry.bdf) ?? textOf(bus?.bdf) ?? ''),
    uniqueId: uniqueIdentity(textOf(asic?.asic_serial)),
    name: textOf(asic?.market_name),
    ...powerOf(power ?? {}),
    counterJoules: positive(inUnit(fieldsOf(entry.energy).total_energy_consumption, 'J')),
    limitWatts: positive(inUnit(limit?.socket_power, 'W')) ?? positive(inUnit(limit?.max_power, 'W')),
    utilizationRatio: busy === null || busy > 100 ? null : ratioFromPercent(busy),
    // The tool says MB and means MiB: 65520 MB are the MI210's 64 GiB less what is kept back.
    memoryUsedBytes: used === null ? null : bytesFromMebibytes(used),
    memoryTotalBytes: total === null ? null : bytesFromMebibytes(total),
    temperatureCelsius: inUnit(temperature?.edge, 'C') ?? inUnit(temperature?.hotspot, 'C'),
    clockMegahertz: inUnit(fieldsOf(clock?.gfx_0).clk, 'MHz'),
    memoryClockMegahertz: inUnit(fieldsOf(clock?.mem_0).clk, 'MHz'),
  };
}

function powerOf(power: Readonly<Record<string, unknown>>): Pick<AmdSmiGpu, 'powerWatts' | 'powerKind'> {
  const average = inUnit(power.average_socket_power, 'W');
  if (average !== null) return { powerWatts: average, powerKind: 'average' };
  // `socket_power` is the current power where the board has one, else the average: the tool does not say which.
  const current = inUnit(power.socket_power, 'W') ?? inUnit(power.current_socket_power, 'W');
  return current === null ? { powerWatts: null, powerKind: null } : { powerWatts: current, powerKind: 'current' };
}

/** 'Not told' as 2^16 − 1, 2^32 − 1 or 2^64 − 1, which some versions print as if they were readings. */
const blanks: readonly number[] = [65_535, 4_294_967_295, 2 ** 64];

/** The number of `{ value, unit }`, of a bare number or of '20 W', if it is not negative and has that unit or none; else null. */
function inUnit(value: unknown, unit: string): number | null {
  const { value: inner, unit: told } = fieldsOf(value);
  if (told !== undefined && told !== unit && !(unit === 'C' && told === '°C')) return null;
  const text = textOf(value);
  const bare = text?.endsWith(` ${unit}`) === true ? text.slice(0, -unit.length - 1) : value;
  const number = numberOf(told === undefined && inner === undefined ? bare : inner);
  return number === null || number < 0 || blanks.includes(number) ? null : number;
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && /^\d{1,20}(\.\d{1,20})?$/.test(value.trim()) ? Number(value) : null;
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' && value !== 'N/A' ? value.trim().slice(0, 120) : null;
const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);
