import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type ListedProcess, type ProcessFacts, type ProcessVariable, processVariables } from './machine.ts';
import { parseProcessStat, readText } from './procfs.ts';

const commandLimitBytes = 64 * 1024;
export const environmentLimitBytes = 512 * 1024;
const variableLimitCharacters = 256;
const listedLimitCharacters = 4096;

/** One process from /proc/PID/{stat,status,cmdline,cwd,environ}; null once it has ended. What may not be read of another user's is left out. */
export function readProcess(
  procfsRoot: string,
  pid: number,
  ownUid: number | null = process.getuid?.() ?? null,
): ProcessFacts | null {
  const folder = join(procfsRoot, String(pid));
  const text = readText(join(folder, 'stat'));
  const stat = text === null ? null : parseProcessStat(text);
  if (text === null || stat === null || stat.isEnded) return null;
  const uid = parseUid(readText(join(folder, 'status')) ?? '');
  return {
    pid,
    parentPid: stat.parentPid,
    startedTicks: stat.startedTicks,
    name: printable(text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))),
    command: parseCommand(readStart(join(folder, 'cmdline'), commandLimitBytes)),
    cwd: readFolder(join(folder, 'cwd')),
    isOurs: uid !== null && uid === ownUid,
    user: uid === null ? null : userName(uid),
    environment: parseEnvironment(readStart(join(folder, 'environ'), environmentLimitBytes)),
  };
}

/** Pids and command lines of all processes, kernel threads left out. */
export function listProcesses(procfsRoot: string): readonly ListedProcess[] {
  let entries: readonly string[];
  try {
    entries = readdirSync(procfsRoot);
  } catch {
    return [];
  }
  return entries
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      const words = parseCommand(readStart(join(procfsRoot, entry, 'cmdline'), listedLimitCharacters));
      if (words.length === 0) return [];
      return [{ pid: Number(entry), commandLine: words.join(' ').slice(0, listedLimitCharacters) }];
    });
}

/** argv from /proc/PID/cmdline. A program that writes its own title there leaves one text without NULs: its words are what blanks divide. */
export function parseCommand(text: string): readonly string[] {
  // Counted from the end: an expression that is anchored there tries every NUL of a title that is full of them anew.
  let end = text.length;
  while (end > 0 && text[end - 1] === '\0') end -= 1;
  const words = text.slice(0, end).split('\0');
  const [only = ''] = words;
  const divided = words.length === 1 && !only.startsWith('/') ? only.trim().split(/\s+/) : words;
  return divided.length === 1 && divided[0] === '' ? [] : divided.map(printable);
}

/** What `processVariables` names of /proc/PID/environ, nothing else. */
export function parseEnvironment(text: string): ProcessFacts['environment'] {
  const found: Partial<Record<ProcessVariable, string>> = {};
  for (const entry of text.split('\0')) {
    const equals = entry.indexOf('=');
    // A program that overwrites its environment may leave tens of thousands of NULs there.
    if (equals <= 0) continue;
    const variable = processVariables.find((name) => name === entry.slice(0, equals));
    if (variable === undefined) continue;
    const value = printable(entry.slice(equals + 1)).slice(0, variableLimitCharacters);
    if (value !== '') found[variable] = value;
  }
  return found;
}

/** Effective user: the second number of `Uid:` in /proc/PID/status. */
function parseUid(text: string): number | null {
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(text)?.[1];
  return uid === undefined ? null : Number(uid);
}

let users: ReadonlyMap<number, string> | null = null;

/** A user's name by /etc/passwd, as it was when first asked; the number of one that is in no such file (a directory's, a container's). */
function userName(uid: number): string {
  users ??= new Map(
    (readText('/etc/passwd') ?? '').split('\n').flatMap((line) => {
      const [name = '', , number = ''] = line.split(':');
      return name !== '' && /^\d{1,10}$/.test(number) ? [[Number(number), printable(name)] as const] : [];
    }),
  );
  return users.get(uid) ?? String(uid);
}

/** Text that moves no cursor, colours no terminal and turns no line around: terminal sequences, control and formatting characters are taken out. */
export const printable = (text: string): string =>
  text.replaceAll(/\p{Cc}\[[0-9;?]*[ -/]*[@-~]/gu, '').replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ');

function readFolder(path: string): string | null {
  try {
    const folder = readlinkSync(path);
    return folder.endsWith(' (deleted)') ? null : folder;
  } catch {
    return null;
  }
}

/** The first bytes of a file as text; '' where it may not be read. */
export function readStart(path: string, limitBytes: number): string {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    const buffer = Buffer.allocUnsafe(limitBytes);
    let length = 0;
    // The kernel hands such files out a page at a time.
    for (let read = -1; read !== 0 && length < limitBytes; length += read)
      read = readSync(file, buffer, length, limitBytes - length, null);
    return buffer.toString('utf8', 0, length);
  } catch {
    return '';
  } finally {
    if (file !== null) closeSync(file);
  }
}
