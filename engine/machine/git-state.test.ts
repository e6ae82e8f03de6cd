import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readGitState } from './git-state.ts';

const scratch = mkdtempSync(join(tmpdir(), 'wattrun-git-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const commit = '0123456789abcdef0123456789abcdef01234567';
let folders = 0;
const commitOf = async (folder: string): Promise<string | null | undefined> => (await readGitState(folder))?.commit;

/** A folder with these files in it. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(scratch, `${folders++}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe('the commit of a working directory', () => {
  it('is that of the branch it is on', async () => {
    const folder = folderWith({ '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${commit}\n` });
    expect(await commitOf(folder)).toBe(commit);
  });

  it('is found from a folder deep inside, and of a branch with a slash in its name', async () => {
    const folder = folderWith({
      '.git/HEAD': 'ref: refs/heads/feat/x\n',
      '.git/refs/heads/feat/x': `${commit}\n`,
      'a/b/train.py': '',
    });
    expect(await commitOf(join(folder, 'a', 'b'))).toBe(commit);
  });

  it('is the one that is checked out without a branch', async () =>
    expect(await commitOf(folderWith({ '.git/HEAD': `${commit}\n` }))).toBe(commit));

  it('is found where git has packed its branches into one file', async () => {
    const folder = folderWith({
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/packed-refs': `# pack-refs with: peeled\n${'f'.repeat(40)} refs/heads/old/refs/heads/main2\n${commit} refs/heads/main\n`,
    });
    expect(await commitOf(folder)).toBe(commit);
  });

  it('is null before the first commit', async () =>
    expect(await commitOf(folderWith({ '.git/HEAD': 'ref: refs/heads/main\n' }))).toBeNull());

  it('is found in a submodule, whose .git names a folder from there', async () => {
    const folder = folderWith({
      'sub/.git': 'gitdir: ../.git/modules/sub\n',
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/modules/sub/HEAD': `${commit}\n`,
    });
    expect(await commitOf(join(folder, 'sub'))).toBe(commit);
  });

  it('is that of its own branch in a second working tree', async () => {
    const folder = folderWith({
      'main/.git/HEAD': 'ref: refs/heads/main\n',
      'main/.git/refs/heads/main': `${'f'.repeat(40)}\n`,
      'main/.git/refs/heads/side': `${commit}\n`,
      'main/.git/worktrees/second/HEAD': 'ref: refs/heads/side\n',
      'main/.git/worktrees/second/commondir': '../..\n',
    });
    mkdirSync(join(folder, 'second'));
    writeFileSync(join(folder, 'second', '.git'), `gitdir: ${join(folder, 'main/.git/worktrees/second')}\n`);
    expect(await commitOf(join(folder, 'second'))).toBe(commit);
  });

  it('is none where a file says something else', async () =>
    expect(await commitOf(folderWith({ '.git/HEAD': '\u001b[31m{}' }))).toBeNull());

  it('comes with the folder that the working tree begins at; there is none outside of one', async () => {
    const folder = folderWith({ '.git/HEAD': `${commit}\n`, 'a/train.py': '' });
    expect(await readGitState(join(folder, 'a'))).toEqual({ commit, topFolder: folder });
    expect(await readGitState('/proc')).toBeNull();
  });

  it('is what git itself says', async ({ skip }) => {
    const folder = folderWith({ 'a.txt': 'a' });
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
    try {
      git('--version');
    } catch {
      skip('there is no git on this machine');
    }
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'first');
    expect(await commitOf(folder)).toBe(git('rev-parse', 'HEAD').trim());
    git('pack-refs', '--all');
    expect(await commitOf(folder)).toBe(git('rev-parse', 'HEAD').trim());
  });
});
