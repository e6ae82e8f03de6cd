import { bytesFromKibibytes, bytesFromMebibytes } from '../../../shared/units.ts';
import { normalizeBusId } from '../sysfs/bus-id.ts';

/** What one engine did for a client. Both only grow. */
export interface EngineUse {
  /** Nanoseconds, or the engine's own cycles where `total` is told. */
  readonly busy: number;
  /** The engine's clock in the same cycles; null where `busy` is nanoseconds. */
  readonly total: number | null;
  /** How many of its kind there are: all of them busy is this many nanoseconds in one. */
  readonly capacity: number;
}

/** One opened GPU device as its driver describes it. */
export interface DrmClient {
  readonly driver: string;
  /** '0000:03:00.0' */
  readonly busId: string;
  /** The same for file descriptors that were duplicated or inherited: these show one client's numbers, not more. */
  readonly clientId: string;
  /** By engine: 'gfx', 'compute' (amdgpu), 'render', 'compute' (i915), 'rcs', 'ccs' (xe); copy, video and the like too. */
  readonly engines: ReadonlyMap<string, EngineUse>;
  /** Memory of the card that it holds; null where it is not told. */
  readonly memoryUsedBytes: number | null;
}

/** An fdinfo file has some 60 lines. */
const mostCharacters = 65_536;
const wholeKeys = ['drm-memory-vram', 'drm-resident-vram'];
/** Of xe and i915, one for each tile of the card. */
const tileKey = /^drm-resident-(?:vram|local)\d{1,2}$/;

/**
 * `/proc/<pid>/fdinfo/<fd>` of a GPU's device file: amdgpu since Linux 5.14, i915 since 5.19, xe since 6.8. Null where the text is another kind of file's,
 * or of a driver that tells nothing. Format: Documentation/gpu/drm-usage-stats.rst. `grep -H drm- /proc/<pid>/fdinfo/*`.
 */
export function parseFdinfo(text: string): DrmClient | null {
  const values = new Map<string, string>();
  for (const line of text.slice(0, mostCharacters).split('\n')) {
    const at = line.indexOf(':');
    if (at > 0 && line.startsWith('drm-')) values.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  const busId = normalizeBusId(values.get('drm-pdev') ?? '');
  const driver = values.get('drm-driver');
  const clientId = values.get('drm-client-id');
  if (busId === null || driver === undefined || clientId === undefined || !/^\d{1,20}$/.test(clientId)) return null;
  return { driver, busId, clientId, engines: enginesOf(values), memoryUsedBytes: memoryOf(values) };
}

function enginesOf(values: ReadonlyMap<string, string>): ReadonlyMap<string, EngineUse> {
  const engines = new Map<string, EngineUse>();
  for (const [key, value] of values) {
    const name = /^drm-(?:engine|cycles)-(?!capacity-)([\w-]{1,40})$/.exec(key)?.[1];
    if (name === undefined) continue;
    const isCycles = key.startsWith('drm-cycles-');
    const busy = wholeNumber(value, isCycles ? '' : 'ns');
    const total = isCycles ? wholeNumber(values.get(`drm-total-cycles-${name}`) ?? '', '') : null;
    // An engine that tells nanoseconds is not asked for its cycles too.
    if (busy === null || (isCycles && (total === null || engines.has(name)))) continue;
    const capacity = wholeNumber(values.get(`drm-engine-capacity-${name}`) ?? '', '') ?? 1;
    engines.set(name, { busy, total, capacity: Math.max(1, capacity) });
  }
  return engines;
}

function memoryOf(values: ReadonlyMap<string, string>): number | null {
  const whole = wholeKeys.map((key) => bytesOf(values.get(key))).find((bytes) => bytes !== null);
  if (whole !== undefined) return whole;
  const tiles = [...values].flatMap(([key, text]) => (tileKey.test(key) ? (bytesOf(text) ?? []) : []));
  return tiles.length === 0 ? null : tiles.reduce((sum, bytes) => sum + bytes, 0);
}

/** '1024 KiB'; null for anything else. */
function bytesOf(text: string | undefined): number | null {
  const parts = /^(\d{1,15})(?: (KiB|MiB))?$/.exec(text ?? '');
  if (parts === null) return null;
  const amount = Number(parts[1]);
  if (parts[2] === 'KiB') return bytesFromKibibytes(amount);
  return parts[2] === 'MiB' ? bytesFromMebibytes(amount) : amount;
}

function wholeNumber(text: string, unit: string): number | null {
  const parts = /^(\d{1,20})(?: (\w+))?$/.exec(text);
  return parts === null || (parts[2] ?? '') !== unit ? null : Number(parts[1]);
}
