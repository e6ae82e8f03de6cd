import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { joulesFromMicrojoules } from '../../../shared/units.ts';

/** The whole content of an `energy_uj` file, in joules; null where it is anything but one whole number. */
export function parseCounterJoules(text: string): number | null {
  const digits = text.replaceAll('\0', '').trim();
  if (!/^\d{1,20}$/.test(digits)) return null;
  return joulesFromMicrojoules(Number(digits));
}

/**
 * A zone's counter now, in joules. On this thread: it is a register's value, some 30 µs, and worth as much as the moment beside it. Throws the file system's
 * error, or one that quotes what was there.
 */
export function readCounterJoules(zonePath: string): number {
  const text = readFileSync(join(zonePath, 'energy_uj'), 'utf8');
  const joules = parseCounterJoules(text);
  if (joules === null) throw new Error(`energy_uj is not a number: ${text.slice(0, 40)}`);
  return joules;
}
