import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cliFile } from './cli.ts';

const home = mkdtempSync(join(tmpdir(), 'wattrun-test-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const pages = join(home, 'pages');
writeFileSync(pages, Array.from({ length: 1000 }, (_, i) => `line ${i + 1}\n`).join(''));

const has = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args).status === 0;
const hasThem = process.platform === 'linux' && has('python3', '-c', 'import os, pty; os.waitstatus_to_exitcode');
const hasLess = hasThem && has('less', '--version');

interface Typed {
  readonly shown: string;
  readonly code: number | null;
}

/** What a command in a terminal shows where, after each text that it shows, these keys are typed. */
function type(steps: readonly (readonly [string, string])[], command: readonly string[]): Typed {
  const { stdout, stderr } = spawnSync(
    'python3',
    [join(import.meta.dirname, 'type-at-terminal.py'), JSON.stringify(steps), ...command],
    { encoding: 'utf8', env: { ...process.env, WATTRUN_HOME: home, TERM: 'xterm', LESS: '' } },
  );
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Typed;
}
const wrapped = (...command: readonly string[]): readonly string[] => [
  process.execPath,
  cliFile,
  'run',
  '--quiet',
  '--',
  ...command,
];

describe.skipIf(!hasLess)('a pager under wattrun run', () => {
  it('takes its keys, and ends when it is told to', { timeout: 90_000 }, () => {
    const { shown, code } = type(
      [
        ['line 20', 'G'],
        ['line 1000', 'q'],
      ],
      wrapped('less', pages),
    );
    expect(shown).toContain('line 1000');
    expect(code).toBe(0);
  });

  it('takes them at the end of a pipe, and once more in the next of the same command', { timeout: 90_000 }, () => {
    const { shown, code } = type(
      [
        ['line 20', 'G'],
        ['line 1000', 'q'],
        ['between', ''],
        ['line 20', 'q'],
      ],
      wrapped('sh', '-c', `cat ${pages} | less; echo between; less ${pages}; exit 3`),
    );
    expect(shown).toContain('line 1000');
    expect(code).toBe(3);
  });

  it('is stopped by Ctrl-Z, lets the shell have its keys, and goes on', { timeout: 90_000 }, () => {
    const { shown, code } = type(
      [
        ['bash-', `${wrapped('less', pages).join(' ')}\n`],
        ['line 20', '\x1a'],
        ['Stopped', 'echo a shell of $((40 + 2))\n'],
        ['a shell of 42', 'fg\n'],
        ['line 20', 'G'],
        ['line 1000', 'q'],
        ['bash-', 'exit 5\n'],
      ],
      ['bash', '--norc', '-i'],
    );
    expect(shown).toContain('line 1000');
    expect(code).toBe(5);
  });
});

it.skipIf(!hasThem)(
  'leaves its keys to a program that reads them where it was given them, however it sets its terminal',
  { timeout: 90_000 },
  () => {
    const program = join(home, 'keys.py');
    writeFileSync(
      program,
      `import sys, time, tty
tty.setcbreak(1)
sys.stdout.write("waiting"); sys.stdout.flush()
keys = [sys.stdin.read(1) for _ in range(3)]
sys.stdout.write("had " + "-".join(keys))
`,
    );
    const { shown, code } = type([['waiting', 'abc']], wrapped('python3', program));
    expect(shown).toContain('had a-b-c');
    expect(code).toBe(0);
  },
);
