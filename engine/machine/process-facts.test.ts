import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { listProcesses, parseCommand, parseEnvironment, printable, readProcess } from './process-facts.ts';

const root = mkdtempSync(join(tmpdir(), 'wattrun-facts-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Files {
  readonly name?: string;
  readonly state?: string;
  readonly cmdline?: string;
  readonly environ?: string;
  readonly uid?: number;
  readonly cwd?: string;
}

function addProcess(
  pid: number,
  { name = 'python', state = 'S', cmdline = '', environ, uid = 1000, cwd }: Files,
): void {
  const folder = join(root, `${pid}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'stat'), `${pid} (${name}) ${state} 41 1 1 0 -1 0 0 0 0 0 5 5 0 0 20 0 1 0 8800 1 1 1\n`);
  writeFileSync(join(folder, 'status'), `Name:\tpython\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`);
  writeFileSync(join(folder, 'cmdline'), cmdline);
  if (environ !== undefined) writeFileSync(join(folder, 'environ'), environ);
  if (cwd !== undefined) symlinkSync(cwd, join(folder, 'cwd'));
}

describe('what is read of a process', () => {
  it('is who it is, where it is, and what its launcher told it', () => {
    addProcess(100, {
      cmdline: 'python\0-u\0train.py\0--name=a b\0',
      environ: 'HOME=/home/a\0SLURM_JOB_ID=4711\0SECRET=x\0RANK=0\0EMPTY=\0WORLD_SIZE=\0',
      cwd: '/home/a/vision',
    });
    expect(readProcess(root, 100, 1000)).toEqual({
      pid: 100,
      parentPid: 41,
      startedTicks: 8800,
      name: 'python',
      command: ['python', '-u', 'train.py', '--name=a b'],
      cwd: '/home/a/vision',
      isOurs: true,
      user: expect.any(String),
      environment: { SLURM_JOB_ID: '4711', RANK: '0' },
    });
  });

  it('is less of another user’s: no folder, no environment', () => {
    addProcess(101, { cmdline: 'python\0a.py\0', uid: 0 });
    expect(readProcess(root, 101, 1000)).toMatchObject({
      command: ['python', 'a.py'],
      cwd: null,
      isOurs: false,
      user: 'root',
      environment: {},
    });
  });

  it('is nothing once it has ended, though it may lie there as a zombie', () => {
    addProcess(102, { state: 'Z' });
    expect(readProcess(root, 102, 1000)).toBeNull();
    expect(readProcess(root, 99_999, 1000)).toBeNull();
  });

  it('is no folder that was deleted meanwhile', () => {
    addProcess(103, { cwd: '/tmp/gone (deleted)' });
    expect(readProcess(root, 103, 1000)?.cwd).toBeNull();
  });

  it('is the name alone of a kernel thread, and no more than 64 KiB of a command', () => {
    addProcess(104, { name: 'kworker/0:1', cmdline: '' });
    expect(readProcess(root, 104, 1000)).toMatchObject({ name: 'kworker/0:1', command: [] });
    addProcess(105, { cmdline: `python\0${'x'.repeat(200_000)}\0` });
    // 65,536 bytes less 'python' and its NUL.
    expect(readProcess(root, 105, 1000)?.command[1]).toHaveLength(65_529);
  });

  it('is what this machine says of a process it has', async () => {
    const child = spawn('sleep', ['30'], {
      env: { PATH: '/usr/bin:/bin', SLURM_JOB_ID: '7' },
      cwd: '/',
      stdio: 'ignore',
    });
    try {
      await new Promise((resolve) => child.once('spawn', resolve));
      const facts = readProcess('/proc', child.pid ?? 0);
      if (process.platform !== 'linux') return expect(facts).toBeNull();
      expect(facts).toMatchObject({
        parentPid: process.pid,
        command: ['sleep', '30'],
        cwd: '/',
        isOurs: true,
        environment: { SLURM_JOB_ID: '7' },
      });
      expect(listProcesses('/proc')).toContainEqual({ pid: child.pid, commandLine: 'sleep 30' });
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('a process that filled its title and its environment with NULs', () => {
  it('is read in no time', () => {
    const startedMicroseconds = process.threadCpuUsage().user;
    // A NUL run that does not end the text makes an anchored expression quadratic: 2 × 10^9 steps, seconds.
    expect(parseCommand(`a${'\0'.repeat(64_000)}b${'\0'.repeat(1000)}`)).toHaveLength(64_001);
    expect(parseEnvironment(`RANK=3${'\0'.repeat(500_000)}WORLD_SIZE=8\0=x\0RANK`)).toEqual({
      RANK: '3',
      WORLD_SIZE: '8',
    });
    expect(process.threadCpuUsage().user - startedMicroseconds).toBeLessThan(300_000);
  });

  it('has no command where there is nothing else', () => expect(parseCommand('\0'.repeat(1000))).toEqual([]));
});

describe('a command line', () => {
  it('is one text where a program wrote its own title there', () =>
    expect(parseCommand('ray::train_fn  worker\0\0\0')).toEqual(['ray::train_fn', 'worker']));

  it('keeps the blanks of a path, and words that are empty', () => {
    expect(parseCommand('/opt/my apps/run\0')).toEqual(['/opt/my apps/run']);
    expect(parseCommand('a\0\0b\0')).toEqual(['a', '', 'b']);
    expect(parseCommand('')).toEqual([]);
  });

  it('holds nothing that moves a cursor or turns a line around', () => {
    expect(parseCommand('python\0\u001b[31mred\u001b[0m\nline\u202e.py\0')).toEqual(['python', 'red line .py']);
    expect(printable('\u001b]0;title\u0007x')).toBe(' ]0;title x');
  });
});

it('lists processes with what their words say, cut at 4096 characters', () => {
  addProcess(106, { cmdline: `python\0${'y'.repeat(9000)}\0` });
  const listed = listProcesses(root);
  expect(listed.find((process) => process.pid === 106)?.commandLine).toHaveLength(4096);
  expect(listed.some((process) => process.pid === 104)).toBe(false);
  expect(listProcesses('/nowhere')).toEqual([]);
});

it('throws for no text at all', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\0', '=', 'RANK', '\u001b[', ' ') }),
  );
  fc.assert(
    fc.property(text, (any) => {
      const words = [...parseCommand(any), ...Object.values(parseEnvironment(any))];
      expect(words.some((word) => /\p{Cc}/u.test(word))).toBe(false);
    }),
  );
});
