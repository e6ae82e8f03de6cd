import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

export interface GitState {
  /** HEAD's commit; null before the first one. */
  readonly commit: string | null;
  /** The working tree that the directory lies in. */
  readonly topFolder: string;
}

/** What the files under .git say of a directory, without a child process; null where it lies in no working tree. */
export async function readGitState(directory: string): Promise<GitState | null> {
  for (let folder = directory; ; folder = dirname(folder)) {
    // In a submodule or a second working tree .git is a file that names the folder, maybe from here.
    const linked = (await read(folder, '.git'))?.replace(/^gitdir: /, '');
    const git = linked === undefined ? join(folder, '.git') : resolve(folder, linked);
    const head = await read(git, 'HEAD');
    if (head !== null) return { commit: await commitOf(git, head), topFolder: folder };
    if (basename(folder) === '' || dirname(folder) === folder) return null;
  }
}

async function commitOf(git: string, head: string): Promise<string | null> {
  const reference = /^ref: (.+)$/.exec(head)?.[1];
  if (reference === undefined) return commitFrom(head);
  // A second working tree has a HEAD of its own; branches lie with the first.
  const shared = resolve(git, (await read(git, 'commondir')) ?? '.');
  const packed = (await read(shared, 'packed-refs'))?.split('\n').find((line) => line.endsWith(` ${reference}`));
  return commitFrom((await read(shared, reference)) ?? packed?.split(' ')[0] ?? '');
}

/** 40 hexadecimal digits, or 64 in a repository with SHA-256. */
const commitFrom = (text: string): string | null => (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text) ? text : null);

async function read(...path: readonly string[]): Promise<string | null> {
  try {
    return (await readFile(join(...path), 'utf8')).trim();
  } catch {
    return null;
  }
}
