import { readdir, readFile } from 'node:fs/promises';

/** A sysfs file is a page; whatever is longer is no sysfs file, and only its beginning is looked at. */
const mostCharacters = 65_536;

export type SysfsContent =
  | { readonly kind: 'text'; readonly text: string }
  /** `code`: as the system says it, 'ENOENT', 'EPERM', 'EBUSY'. */
  | { readonly kind: 'failed'; readonly code: string };

/** Content of a small kernel file, without the NULs that some copies pad it with and without blanks around it. Never throws. */
export async function readSysfsFile(path: string): Promise<SysfsContent> {
  try {
    const text = await readFile(path, 'utf8');
    return { kind: 'text', text: text.slice(0, mostCharacters).replaceAll('\0', '').trim() };
  } catch (error) {
    return { kind: 'failed', code: error instanceof Error && 'code' in error ? String(error.code) : 'unknown error' };
  }
}

/** Null where the file cannot be read or is empty. */
export async function readSysfsText(path: string): Promise<string | null> {
  const content = await readSysfsFile(path);
  return content.kind === 'text' && content.text !== '' ? content.text : null;
}

/** The whole number that a file holds; null for anything else. */
export async function readSysfsNumber(path: string): Promise<number | null> {
  const text = await readSysfsText(path);
  return text === null ? null : parseSysfsNumber(text);
}

/** Decimal digits, with a sign or not; null for anything else ('', 'N/A', '1e3', '0x10'). */
export function parseSysfsNumber(text: string): number | null {
  const trimmed = text.replaceAll('\0', '').trim();
  return /^-?\d{1,20}$/.test(trimmed) ? Number(trimmed) : null;
}

/** Names in a folder, sorted; none where it cannot be listed. */
export async function listFolder(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).sort();
  } catch {
    return [];
  }
}

/** `KEY=value` lines of a `uevent` file. */
export function parseUevent(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .replaceAll('\0', '')
      .split('\n')
      .flatMap((line) => {
        const at = line.indexOf('=');
        return at <= 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const];
      }),
  );
}
