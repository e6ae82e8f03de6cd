import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { cliFile, temporaryHome } from './cli.ts';

const { home, remove } = temporaryHome();
afterAll(remove);

const cli = `${process.execPath} ${cliFile}`;
/** What a shell makes of a line with `wattrun` in it, and its exit code. */
const shell = (line: string) =>
  spawnSync('sh', ['-c', line.replaceAll('wattrun', cli)], {
    env: { ...process.env, WATTRUN_HOME: home, WATTRUN_NVML: '/nowhere/libnvidia-ml.so.1' },
    encoding: 'utf8',
  });

/** A device to which nothing can be written. */
const hasFull = existsSync('/dev/full');

describe('output that is not taken', () => {
  it.skipIf(!hasFull)('leaves the exit code to the command where nothing can be said', () => {
    expect(shell("wattrun run -- sh -c 'exit 7' 2>/dev/full").status).toBe(7);
    expect(shell('wattrun nosuch 2>/dev/full').status).toBe(2);
  });

  it('leaves the exit code to the command where nobody reads any more', () => {
    const ended = shell(
      `exec 4>&1; { wattrun run -- sh -c 'trap "" PIPE; echo a; sleep 1; exit 7' 2>&1; echo "exit $?" >&4; } | head -1 >/dev/null`,
    );
    expect(ended.stdout).toBe('exit 7\n');
  });

  it.skipIf(!hasFull).each(['runs', 'runs --json', 'projects', '--help', 'export --all --format csv'])(
    'fails, and says so once, where %s cannot be written',
    (words) => {
      const { status, stderr } = shell(`wattrun run --quiet -- true; wattrun ${words} >/dev/full`);
      expect(stderr.trim().split('\n')).toEqual([expect.stringContaining('could not be written. ENOSPC')]);
      expect(status).toBe(1);
    },
  );

  it('is no failure where a reader has had enough', () => {
    const ended = shell('exec 4>&1; { wattrun --help; echo "exit $?" >&4; } | true');
    expect(ended).toMatchObject({ stdout: 'exit 0\n', stderr: '' });
  });

  it.skipIf(!hasFull)('does not end a server', () => {
    const line = 'timeout 6 wattrun serve >/dev/full 2>/dev/full';
    // `timeout` gives 124 where it had to end the command itself.
    expect(shell(line).status).toBe(124);
  });
});
