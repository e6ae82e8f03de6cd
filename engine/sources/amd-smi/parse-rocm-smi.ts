import { joulesFromMicrojoules, ratioFromPercent } from '../../../shared/units.ts';
import { uniqueIdentity } from '../amdgpu/amdgpu-devices.ts';
import { normalizeBusId } from '../sysfs/bus-id.ts';
import { type AmdSmiAnswer, type AmdSmiGpu, fieldsOf, refused, unknownGpu } from './amd-smi-gpu.ts';
import { findJson } from './find-json.ts';

/** One count of the accumulator: 'Energy counter' 6122129286992 stands beside 'Accumulated Energy (uJ)' 93668579258681.1 in a capture of an MI210. */
const microjoulesPerCount = 15.3;

/**
 * `rocm-smi --json`: an object with `card0`, `card1` … in any order, some missing, and `system`. All values are text; capitals in the keys differ between
 * versions. 'N/A (Secondary die)', 'N/A' and whatever is no number are null. Never throws.
 */
export function parseRocmSmi(text: string): AmdSmiAnswer {
  const found = findJson(text);
  if (found.kind === 'refused') return found;
  const gpus = Object.entries(fieldsOf(found.value)).flatMap(([key, value]) => {
    const index = /^card(\d{1,4})$/.exec(key)?.[1];
    return index === undefined ? [] : [gpuOf(Number(index), lowerCased(fieldsOf(value)))];
  });
  if (gpus.length === 0) return refused('its JSON names no card');
  return { kind: 'gpus', gpus: gpus.sort((a, b) => a.index - b.index) };
}

type Fields = ReadonlyMap<string, string>;

const lowerCased = (fields: Readonly<Record<string, unknown>>): Fields =>
  new Map(
    Object.entries(fields).flatMap(([key, value]) =>
      typeof value === 'string' || typeof value === 'number'
        ? [[key.toLowerCase(), String(value).trim()] as const]
        : [],
    ),
  );

/** Mean and present power. */
const powerKeys = ['average graphics package power (w)', 'current socket graphics package power (w)'];

function gpuOf(index: number, fields: Fields): AmdSmiGpu {
  const number = (key: string): number | null => numberOf(fields.get(key));
  const busy = number('gpu use (%)');
  const used = number('vram total used memory (b)');
  const [average = null, current = null] = powerKeys.map(number);
  const power = average ?? current;
  return {
    ...unknownGpu,
    index,
    busId: normalizeBusId(fields.get('pci bus') ?? ''),
    uniqueId: uniqueIdentity(fields.get('unique id') ?? null),
    name: nameOf(fields),
    powerWatts: power,
    isSecondDie: powerKeys.some((key) => /secondary die/i.test(fields.get(key) ?? '')) || null,
    powerKind: power === null ? null : average === null ? 'current' : 'average',
    counterJoules: counterOf(number('energy counter'), number('accumulated energy (uj)')),
    limitWatts: positive(number('max graphics package power (w)')),
    utilizationRatio: busy === null || busy > 100 ? null : ratioFromPercent(busy),
    memoryUsedBytes: used,
    memoryTotalBytes: positive(number('vram total memory (b)')),
    temperatureCelsius: number('temperature (sensor edge) (c)'),
    clockMegahertz: clockOf(fields.get('sclk clock speed:')),
    memoryClockMegahertz: clockOf(fields.get('mclk clock speed:')),
  };
}

function counterOf(counts: number | null, microjoules: number | null): number | null {
  const told = microjoules ?? (counts === null ? null : counts * microjoulesPerCount);
  return told === null || told === 0 ? null : joulesFromMicrojoules(told);
}

/** '(300Mhz)' */
const clockOf = (text: string | undefined): number | null => numberOf(/^\(([\d.]+)Mhz\)$/i.exec(text ?? '')?.[1]);

/** Some versions print ids in place of names. */
function nameOf(fields: Fields): string | null {
  const told = [fields.get('device name'), fields.get('card series'), fields.get('card model')];
  return (
    told.find((name) => name !== undefined && name !== '' && !/^(0x[0-9a-f]+|N\/A)$/i.test(name))?.slice(0, 120) ?? null
  );
}

const numberOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,20}(\.\d{1,20})?$/.test(text) ? Number(text) : null;
const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);
