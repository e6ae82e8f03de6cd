import { join } from 'node:path';
import {
  celsiusFromMillidegrees,
  megahertzFromHertz,
  ratioFromPercent,
  wattsFromMicrowatts,
} from '../../../shared/units.ts';
import { parseSysfsNumber, readSysfsFile, readSysfsNumber } from '../sysfs/sysfs-file.ts';
import { amdAverageWindowSeconds } from './amd-facts.ts';
import { type AmdgpuDevice, hasPowerSensor } from './amdgpu-devices.ts';

export interface AmdgpuValues {
  readonly powerWatts: number | null;
  readonly powerWindowSeconds: number;
  readonly instantWatts: number | null;
  /** Why there is no power though the driver has a file for it, as the system says it ('EPERM', 'ENOENT'); null where there is power or no file. */
  readonly powerTrouble: string | null;
  /** The second die of a two-die board (MI250): what it draws is in the power of the first. */
  readonly isSecondDie: boolean;
  readonly limitWatts: number | null;
  readonly utilizationRatio: number | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryTotalBytes: number | null;
  readonly temperatureCelsius: number | null;
  readonly clockMegahertz: number | null;
  readonly memoryClockMegahertz: number | null;
}

/**
 * Everything that the driver tells of a GPU that is awake. Reading it wakes one that sleeps. Each value null where its file is missing or says nothing.
 * One file after another: a card that hangs holds one thread of the pool, and leaves the others to other cards. Never throws.
 * `grep -H . /sys/class/drm/card0/device/hwmon/hwmon*` and its `power1_average`, in microwatts.
 */
export async function readAmdgpuValues(device: AmdgpuDevice): Promise<AmdgpuValues> {
  const { devicePath } = device.card;
  const inDevice = (name: string): Promise<number | null> => readSysfsNumber(join(devicePath, name));
  const inHwmon = (name: string): Promise<number | null> =>
    device.hwmon?.files.has(name) === true ? readSysfsNumber(join(device.hwmon.path, name)) : Promise.resolve(null);
  const channel = device.hwmon?.powerChannel ?? 1;
  const power = await readAmdgpuPower(device);
  const cap = await inHwmon(`power${channel}_cap`);
  const defaultCap = await inHwmon(`power${channel}_cap_default`);
  const busy = await inDevice('gpu_busy_percent');
  const used = await inDevice('mem_info_vram_used');
  const total = await inDevice('mem_info_vram_total');
  const temperature = await inHwmon(`temp${device.hwmon?.temperatureChannel ?? 1}_input`);
  const clock = await inHwmon('freq1_input');
  const memoryClock = await inHwmon('freq2_input');
  // The second die of a two-die board reports 0 W under a cap of 0 W: the first one reports both.
  const isSecondDie = cap === 0 && power.powerWatts === 0;
  const nothing: PowerValues = { powerWatts: null, powerWindowSeconds: 0, instantWatts: null, powerTrouble: null };
  return {
    ...(isSecondDie ? nothing : power),
    isSecondDie,
    limitWatts: mapped(positive(cap) ?? positive(defaultCap), wattsFromMicrowatts),
    utilizationRatio: busy === null || busy < 0 || busy > 100 ? null : ratioFromPercent(busy),
    memoryUsedBytes: used !== null && used >= 0 ? used : null,
    memoryTotalBytes: positive(total),
    temperatureCelsius: mapped(temperature, celsiusFromMillidegrees),
    clockMegahertz: mapped(clock, megahertzFromHertz),
    memoryClockMegahertz: mapped(memoryClock, megahertzFromHertz),
  };
}

type PowerValues = Pick<AmdgpuValues, 'powerWatts' | 'powerWindowSeconds' | 'instantWatts' | 'powerTrouble'>;

/**
 * The mean before the instant value, where a board has both: a mean of 0.1 s misses less between two reads. A mean that stands at 0 beside an instant
 * value that does not is a firmware's fault, seen on patched APUs (https://github.com/rw-r-r0644/bc250-smu-unlock/pull/1). An APU at 0 W cannot have
 * read this file.
 */
export async function readAmdgpuPower(device: AmdgpuDevice): Promise<PowerValues> {
  const { hwmon } = device;
  const none: PowerValues = { powerWatts: null, powerWindowSeconds: 0, instantWatts: null, powerTrouble: null };
  if (hwmon === null || !hasPowerSensor(device)) return none;
  const read = async (ending: 'average' | 'input'): Promise<number | string | null> => {
    const name = `power${hwmon.powerChannel}_${ending}`;
    if (!hwmon.files.has(name)) return null;
    const content = await readSysfsFile(join(hwmon.path, name));
    if (content.kind === 'failed') return content.code;
    const microwatts = parseSysfsNumber(content.text);
    return microwatts === null || microwatts < 0 ? 'invalid content' : wattsFromMicrowatts(microwatts);
  };
  const average = await read('average');
  const instant = await read('input');
  const averageWatts = typeof average === 'number' ? average : null;
  const instantWatts = typeof instant === 'number' ? instant : null;
  const isAverageUsed = averageWatts !== null && (averageWatts > 0 || (instantWatts ?? 0) === 0);
  const powerWatts = isAverageUsed ? averageWatts : instantWatts;
  if (powerWatts === null)
    return { ...none, powerTrouble: [average, instant].find((one) => typeof one === 'string') ?? 'no content' };
  if (powerWatts === 0 && device.isApu) return { ...none, powerTrouble: '0 W, which no running CPU draws' };
  return {
    powerWatts,
    powerWindowSeconds: isAverageUsed ? amdAverageWindowSeconds : 0,
    instantWatts,
    powerTrouble: null,
  };
}

const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);
const mapped = (value: number | null, convert: (value: number) => number): number | null =>
  value === null ? null : convert(value);
