import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { createTreeReader, parseNewestPid } from './tree-reader.ts';

const scratch = mkdtempSync(join(tmpdir(), 'wattrun-tree-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

/** A line of /proc/PID/stat: parent 1, the four times in ticks, resident pages. */
const stat = (pid: number, ticks: readonly number[], pages: number): string =>
  `${pid} (p) S 1 ${pid} ${pid} 0 -1 4194560 100 200 3 4 ${ticks.join(' ')} 20 0 7 0 8800 123456789 ${pages} 18446744073709551615 1 1 0 0 0 0 0 16781312 134300162 0 0 0 17 3 0 0 0 0 0 0 0 0 0 0 0 0 0\n`;

describe('a process tree in a folder', () => {
  const root = join(scratch, 'proc');
  const readTree = createTreeReader(root);
  /** A process with one thread for each list of children. */
  function addProcess(pid: number, ticks: number, ...children: readonly string[]): void {
    mkdirSync(join(root, `${pid}`), { recursive: true });
    writeFileSync(join(root, `${pid}`, 'stat'), stat(pid, [ticks, 0, 0, 0], 10));
    for (const [i, list] of children.entries()) {
      mkdirSync(join(root, `${pid}`, 'task', `${pid + i}`), { recursive: true });
      writeFileSync(join(root, `${pid}`, 'task', `${pid + i}`, 'children'), list);
    }
  }
  addProcess(100, 100, '200 ', '300 999 ');
  addProcess(200, 50, '400 ');
  addProcess(300, 25, '');
  addProcess(400, 10, '');
  addProcess(500, 1000, '');

  it('follows the children of every thread, and leaves other processes out', () => {
    // 100 + 50 + 25 + 10 ticks = 1.85 s; four times ten pages. Process 999 has ended meanwhile.
    const tree = readTree(100);
    expect(tree?.cpuSeconds).toBeCloseTo(1.85, 9);
    expect(tree?.residentBytes).toBe(4 * 10 * 4096);
    expect([...(tree?.pids ?? [])].sort()).toEqual([100, 200, 300, 400]);
  });

  it('ends where a list of children is wrong about who is whose', () => {
    addProcess(600, 1, '700 ');
    addProcess(700, 1, '600 ');
    expect(readTree(600)?.pids.size).toBe(2);
  });

  it('is what the folder says now, though it was read before', () => {
    expect(readTree(500)?.cpuSeconds).toBe(10);
    rmSync(join(root, '500'), { recursive: true });
    addProcess(500, 1200, '400 ');
    expect(readTree(500)).toMatchObject({ cpuSeconds: 12.1, pids: new Set([500, 400]) });
    expect(readTree(500, new Set([400]))?.pids).toEqual(new Set([500]));
  });

  it('follows a process of more children than are read at once', () => {
    const many = Array.from({ length: 1500 }, (_, i) => 10_000 + i);
    addProcess(800, 1, many.map((pid) => `${pid} `).join(''));
    for (const pid of many) addProcess(pid, 1, '');
    expect(readTree(800)?.pids.size).toBe(1501);
  });

  it('is null once no process of it is left', () => expect(readTree(12_345)).toBeNull());
});

describe.runIf(process.platform === 'linux')('the tree of processes that live', () => {
  const readTree = createTreeReader('/proc');
  const readShared = createTreeReader('/proc');

  async function until(isTrue: () => boolean): Promise<void> {
    const deadlineMs = performance.now() + 10_000;
    while (!isTrue() && performance.now() < deadlineMs) await delay(20);
  }

  it('has each child from its beginning to its end, and its CPU time, at every look', async () => {
    // Waits for a line, begins a child that works, waits again, ends it.
    const script =
      'read a; (while [ -d /proc/$$ ]; do :; done) & child=$!; echo $child; read b; kill -9 $child; wait $child 2>&-; echo; read c';
    const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(child);
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
    });
    const pid = child.pid ?? 0;
    await until(() => readTree(pid) !== null);
    expect(readTree(pid)?.pids).toEqual(new Set([pid]));
    expect(readShared(pid, new Set([pid]))?.pids).toEqual(new Set([pid]));
    child.stdin.write('\n');
    await until(() => said.includes('\n'));
    const childPid = Number(said.trim());
    expect(readTree(pid)?.pids).toEqual(new Set([pid, childPid]));
    // Though its root is another run's too.
    expect(readShared(pid, new Set([pid]))?.pids).toEqual(new Set([pid, childPid]));
    const before = readTree(pid)?.cpuSeconds ?? 0;
    await until(() => (readTree(pid)?.cpuSeconds ?? 0) > before + 0.1);
    expect(readTree(pid)?.cpuSeconds).toBeGreaterThan(before + 0.1);
    expect(readTree(pid, new Set([childPid]))?.pids).toEqual(new Set([pid]));
    child.stdin.write('\n');
    await until(() => said.split('\n').length > 2);
    expect(readTree(pid)?.pids).toEqual(new Set([pid]));
    // What it used is its parent's now.
    expect(readTree(pid)?.cpuSeconds).toBeGreaterThan(before + 0.1);
    child.kill('SIGKILL');
    await until(() => readTree(pid) === null);
    expect(readTree(pid)).toBeNull();
  });

  it('takes on grandchildren, and neither threads nor what is left out, without being walked anew', async () => {
    // A thread of a child's, a child of that child, and one of this process's own, all begun between two looks.
    const script = [
      'import os, subprocess, sys, threading, time',
      'sys.stdin.readline()',
      'threading.Thread(target=time.sleep, args=(60,), daemon=True).start()',
      'child = subprocess.Popen(["sleep", "60"])',
      'print(os.getpid(), child.pid, flush=True)',
      'time.sleep(60)',
    ].join('; ');
    const program = spawn('python3', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
    children.push(program);
    let said = '';
    program.stdout.on('data', (data: Buffer) => {
      said += data.toString();
    });
    const pid = program.pid ?? 0;
    await until(() => readTree(process.pid)?.pids.has(pid) === true);
    const before = readTree(process.pid)?.pids ?? new Set();
    program.stdin.write('\n');
    await until(() => said.includes('\n'));
    const childPid = Number(said.trim().split(' ')[1]);
    const after = readTree(process.pid)?.pids ?? new Set();
    expect([...after].filter((one) => !before.has(one))).toEqual([childPid]);
    expect(readTree(process.pid, new Set([pid]))?.pids.has(childPid)).toBe(false);
    program.kill('SIGKILL');
    await until(() => !readTree(process.pid)?.pids.has(pid));
    // Its child is init's now.
    expect(readTree(process.pid)?.pids.has(childPid)).toBe(false);
    process.kill(childPid, 'SIGKILL');
  });

  it('is told by several at once, some of which end', async () => {
    const own = Array.from({ length: 5 }, () => spawn('sleep', ['60'], { stdio: 'ignore' }));
    children.push(...own);
    const pids = own.map((child) => child.pid ?? 0);
    await until(() => pids.every((pid) => readTree(process.pid)?.pids.has(pid)));
    own[2]?.kill('SIGKILL');
    await until(() => !readTree(process.pid)?.pids.has(pids[2] ?? 0));
    const left = readTree(process.pid)?.pids;
    expect(pids.map((pid) => left?.has(pid))).toEqual([true, true, false, true, true]);
  });
});

describe('the newest pid', () => {
  it('is the last word of /proc/loadavg, null where a sandbox says 0 or nothing', () => {
    expect(parseNewestPid('0.20 0.18 0.12 1/80 11206\n')).toBe(11_206);
    expect(parseNewestPid('0.00 0.00 0.00 0/0 0\n')).toBeNull();
    expect(parseNewestPid('')).toBeNull();
    expect(parseNewestPid(null)).toBeNull();
  });
});
