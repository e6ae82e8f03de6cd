import { normalizeBusId } from '../sysfs/bus-id.ts';

/** What the tool complains of in place of a reading. */
export interface Trouble {
  readonly reason: TroubleReason;
  /** As normalizeBusId() writes it, '0000:0b:00.0'; null where the whole tool failed. */
  readonly busId: string | null;
  /** The complaint itself, at most 200 characters, for the user. */
  readonly words: string;
}

/**
 * lost: a GPU fell off the bus or must be reset. driver: there is none or it does not answer. version-mismatch: it was updated under a running kernel.
 * no-device: it runs and has no GPU. permission: this user may not ask. unknown: it says 'error' in words that are not known.
 */
export type TroubleReason = 'lost' | 'driver' | 'version-mismatch' | 'no-device' | 'permission' | 'unknown';

/** First that fits decides. Wordings: nvmlErrorString() of the drivers 418 to 610, and nvidia-smi's own. */
const complaints: readonly (readonly [TroubleReason, RegExp])[] = [
  [
    'permission',
    /^(?:failed to initialize nvml|unable to determine the device handle).{0,80}: insufficient permissions/i,
  ],
  ['lost', /^unable to determine the device handle for gpu/i],
  ['version-mismatch', /^failed to initialize nvml: driver\/library version mismatch/i],
  ['driver', /^(?:failed|unable) to initialize nvml/i],
  ['driver', /^nvidia-smi (?:has failed|couldn't|could not)/i],
  ['no-device', /^no devices were found/i],
  ['lost', /^\[?(?:the )?gpu (?:is lost|requires reset|reset required|has fallen off the bus)/i],
  ['permission', /^\[?insufficient permissions/i],
];

/** A complaint comes early; what follows is its repetition. */
const mostCharacters = 16_000;

/** Lines that belong to a table, a listing or a row, where 'error' is the name of a value. */
const isPart = (line: string): boolean => /^[\s|+<#="]/.test(line) || line.split(', ', 4).length === 4;

/** The first complaint in what the tool printed to either stream; null where it complains of nothing. A warning is no complaint. */
export function parseTrouble(text: string): Trouble | null {
  const lines = text
    .slice(0, mostCharacters)
    .split('\n')
    .filter((line) => line.trim() !== '' && !isPart(line));
  for (const line of lines) {
    const words = line.trim().slice(0, 200);
    const reason = complaints.find(([, pattern]) => pattern.test(words))?.[0];
    if (reason !== undefined) return { reason, busId: busIdIn(words), words };
  }
  const unknown = lines.find(
    (line) => !/^warning/i.test(line) && /\b(?:error|fail(?:ed|ure)?|unable|invalid|cannot)\b/i.test(line),
  );
  if (unknown === undefined) return null;
  const words = unknown.trim().slice(0, 200);
  return { reason: 'unknown', busId: busIdIn(words), words };
}

const busIdIn = (words: string): string | null => {
  const found = /\bGPU ?((?:[0-9A-F]{4}|[0-9A-F]{8}):[0-9A-F]{2}:[0-9A-F]{2}\.[0-7])\b/i.exec(words)?.[1];
  return found === undefined ? null : normalizeBusId(found);
};
