import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock/clock.ts';
import { createToolStream, type ToolStream } from './tool-stream.ts';

const soon = { timeout: 8000, interval: 20 };
let stream: ToolStream | null = null;
afterEach(() => {
  stream?.close();
  stream = null;
});

interface Heard {
  readonly texts: string[];
  readonly ends: string[];
  starts: number;
}

/** Runs `script` in Node; every piece of its output counts as a sample. */
function start(script: string, silenceMs: number | null = 10_000, firstSilenceMs?: number): Heard {
  const heard: Heard = { texts: [], ends: [], starts: 0 };
  stream = createToolStream({
    command: process.execPath,
    args: ['-e', script],
    clock: systemClock,
    silenceMs,
    ...(firstSilenceMs === undefined ? {} : { firstSilenceMs }),
    onStart: () => {
      heard.starts++;
    },
    onText: (text) => heard.texts.push(text) > 0,
    onEnd: (reason) => heard.ends.push(reason),
    log: () => {},
  });
  return heard;
}

/** A process of its own that follows a tool printing a sample every 20 ms, and tells what it hears of it. */
const followerScript = `
  import { createToolStream } from ${JSON.stringify(new URL('tool-stream.ts', import.meta.url).href)};
  import { systemClock } from ${JSON.stringify(new URL('../clock/clock.ts', import.meta.url).href)};
  createToolStream({
    command: process.execPath,
    args: ['-e', 'process.stdout.on("error", () => process.exit()); setInterval(() => console.log("a"), 20)'],
    clock: systemClock,
    silenceMs: 1000,
    firstSilenceMs: 15_000,
    onStart: () => console.log('started'),
    onText: () => { console.log('sample'); return true; },
    onEnd: (reason) => console.log(reason),
    log: () => {},
  });
`;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('createToolStream', { timeout: 20_000 }, () => {
  it('hands on what the tool prints and has no trouble meanwhile', async () => {
    const heard = start('setInterval(() => console.log("a"), 20)');
    await expect.poll(() => heard.texts.length, soon).toBeGreaterThan(2);
    expect(heard.texts.join('')).toMatch(/^(a\n)+$/);
    expect([stream?.trouble(), heard.ends, heard.starts]).toEqual([null, [], 1]);
  });

  it('says with the last words of the tool why it ended, and starts it again', async () => {
    const heard = start('console.error("a password\\n is required"); process.exit(3)');
    await expect.poll(() => heard.starts, soon).toBe(2);
    expect(heard.ends[0]).toMatch(/ended \(exit 3\): a password is required$/);
    expect(stream?.trouble()).toBe(heard.ends[0]);
  });

  it('kills what is silent for too long and starts it again', async () => {
    const heard = start('console.log(process.pid); setInterval(() => {}, 1000)', 700, 15_000);
    await expect.poll(() => heard.ends.length, soon).toBe(1);
    expect(heard.ends[0]).toMatch(/gave nothing for \d+ s$/);
    const [pid] = heard.texts.join('').split('\n').map(Number);
    await expect.poll(() => isAlive(pid ?? 0), soon).toBe(false);
    await expect.poll(() => heard.starts, soon).toBe(2);
  });

  it.skipIf(process.platform === 'win32')(
    'reads what came while this process itself was stopped, before it calls the tool silent',
    async () => {
      const follower = spawn(process.execPath, ['--input-type=module', '-e', followerScript], { stdio: 'pipe' });
      const told: string[] = [];
      createInterface(follower.stdout).on('line', (line) => told.push(line));
      try {
        await expect.poll(() => told.length, soon).toBeGreaterThan(2);
        follower.kill('SIGSTOP');
        await sleep(2500);
        follower.kill('SIGCONT');
        const before = told.length;
        await expect.poll(() => told.length, soon).toBeGreaterThan(before + 20);
        expect(new Set(told)).toEqual(new Set(['started', 'sample']));
        expect(told.filter((line) => line === 'started')).toHaveLength(1);
      } finally {
        follower.kill('SIGKILL');
      }
    },
  );

  it('waits long for the first sign of life alone', async () => {
    const heard = start('console.log("a"); setInterval(() => {}, 1000)', 700, 60_000);
    await expect.poll(() => heard.ends.length, soon).toBe(1);
    expect(heard.texts).toEqual(['a\n']);
  });

  it('leaves one alone that is silent while there is nothing to tell', async () => {
    const heard = start('setTimeout(() => console.log("a"), 1500); setInterval(() => {}, 1000)', null);
    await expect.poll(() => heard.texts.length, soon).toBe(1);
    await systemClock.sleep(500);
    expect([heard.ends, heard.starts]).toEqual([[], 1]);
  });

  it('gives a tool that was silent twice the time at its next start, and keeps to a pace that is slow', async () => {
    // Rows held back for a while: taken for dead once, then waited for.
    const heard = start('setInterval(() => console.log("a"), 2400)', 1500);
    await expect.poll(() => heard.texts.length, { timeout: 16_000, interval: 20 }).toBeGreaterThan(2);
    expect([heard.ends.length, heard.starts]).toEqual([1, 2]);
  });

  it('reports a tool that is not there', async () => {
    const ends: string[] = [];
    stream = createToolStream({
      command: '/nowhere/tool',
      args: [],
      clock: systemClock,
      silenceMs: 5000,
      onStart: () => {},
      onText: () => true,
      onEnd: (reason) => ends.push(reason),
      log: () => {},
    });
    await expect.poll(() => ends.length, soon).toBe(1);
    expect(ends[0]).toContain('ENOENT');
  });

  it('leaves nothing running when it is closed, twice over', async () => {
    const heard = start('console.log(process.pid); setInterval(() => {}, 1000)');
    await expect.poll(() => heard.texts.length, soon).toBe(1);
    const pid = Number(heard.texts[0]);
    expect(isAlive(pid)).toBe(true);
    stream?.close();
    stream?.close();
    await expect.poll(() => isAlive(pid), soon).toBe(false);
    await systemClock.sleep(1300);
    expect([heard.starts, heard.ends]).toEqual([1, []]);
  });

  it.skipIf(process.platform === 'win32')(
    'ends what it cannot kill: without its pipe the next word of it fails',
    async () => {
      // As under sudo, the one that prints is not the one that was started: killing the shell does not reach it.
      const printer =
        'process.stdout.on("error", () => process.exit(0)); setInterval(() => console.log(process.pid), 50)';
      const texts: string[] = [];
      stream = createToolStream({
        command: '/bin/sh',
        args: ['-c', `"${process.execPath}" -e '${printer}' & wait`],
        clock: systemClock,
        silenceMs: 10_000,
        onStart: () => {},
        onText: (text) => texts.push(text) > 0,
        onEnd: () => {},
        log: () => {},
      });
      await expect.poll(() => texts.length, soon).toBeGreaterThan(0);
      const pid = Number(texts[0]?.split('\n')[0]);
      expect(isAlive(pid)).toBe(true);
      stream.close();
      await expect.poll(() => isAlive(pid), soon).toBe(false);
    },
  );
});
