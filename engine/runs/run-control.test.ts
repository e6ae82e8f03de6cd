import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { exampleRun } from '../../tests/examples.ts';
import { systemClock } from '../clock/clock.ts';
import { createLocalMachine } from '../machine/local-machine.ts';
import { type ActiveRun, createActiveRun } from './active-run.ts';
import { createRunControl } from './run-control.ts';

const isLinux = process.platform === 'linux';
const children: { kill(signal: NodeJS.Signals): boolean }[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process with a child, as a run; what it does with SIGTERM is the script's. */
async function startRun(
  script: string,
): Promise<{ readonly run: ActiveRun; readonly pid: number; readonly ended: Promise<string> }> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  const ended = new Promise<string>((resolve) => child.on('exit', (code, signal) => resolve(signal ?? String(code))));
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  const pid = child.pid ?? 0;
  return {
    pid,
    ended,
    run: createActiveRun(exampleRun({ id: 'r1', rootPid: pid, status: 'running', endedMs: null }), 0),
  };
}

function controlOf(run: ActiveRun, ownPid = process.pid) {
  const learned = new Map<string, unknown>();
  return createRunControl({
    machine: createLocalMachine('/proc', '/sys'),
    clock: systemClock,
    runs: () => [run],
    learned: { read: (key) => learned.get(key), write: (key, value) => void learned.set(key, value) },
    signal: (pid, signal) => process.kill(pid, signal),
    ownPid,
    onChanged: () => undefined,
  });
}

const stateOf = (pid: number): string => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] ?? '';
const alert = { alertId: 'a1', rule: '4.5 kW for 30 s' };
const idle = "process.stdout.write('up'); setInterval(() => {}, 1000);";

describe.skipIf(!isLinux)('a run’s processes', () => {
  it('are held, and go on', async () => {
    const { run, pid } = await startRun(idle);
    const control = controlOf(run);
    expect(await control.pause('r1')).toMatch(/is paused: 1 process held/);
    await expect.poll(() => stateOf(pid)).toBe('T');
    expect(control.isPaused('r1')).toBe(true);
    await control.resume('r1');
    await expect.poll(() => stateOf(pid)).toBe('S');
    expect(control.isPaused('r1')).toBe(false);
  });

  it('end by SIGTERM, though they were held', async () => {
    const { run, ended } = await startRun(idle);
    const control = controlOf(run);
    await control.pause('r1');
    expect(await control.stop('r1', alert)).toMatch(/1 process ended/);
    expect(await ended).toBe('SIGTERM');
    expect([run.isStopAsked, run.record.stoppedBy]).toEqual([true, alert]);
  });

  it('are left alone where they are what Wattrun itself hangs below', async () => {
    const { run, pid } = await startRun(idle);
    await expect(controlOf(run, pid).stop('r1', alert)).rejects.toMatchObject({ code: 'runs/not-controllable' });
    expect([run.isStopAsked, run.record.stoppedBy]).toEqual([false, null]);
    // Neither held nor ended: once it has begun it sleeps as before.
    await expect.poll(() => stateOf(pid)).toBe('S');
  });
});

it('a run that is not on cannot be held', async () => {
  const run = createActiveRun(exampleRun({ id: 'r1', rootPid: null }), 0);
  await expect(controlOf(run).pause('other')).rejects.toMatchObject({ code: 'runs/not-running' });
  await expect(controlOf(run).pause('r1')).rejects.toMatchObject({ code: 'runs/not-controllable' });
});
