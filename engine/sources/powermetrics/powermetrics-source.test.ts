import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleContext } from '../../../tests/examples.ts';
import { systemClock } from '../../clock/clock.ts';
import type { Source, SourceReading } from '../source.ts';
import { createPowermetricsDefinition, type PowermetricsHost } from './powermetrics-source.ts';

const recordings = join(import.meta.dirname, 'recordings');
const context = exampleContext(systemClock);
const signal = new AbortController().signal;
let folder: string;
let open: Source[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wattrun-powermetrics-'));
  open = [];
});
afterEach(async () => {
  for (const source of open) await source.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A tool that plays a shell script. */
function tool(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}
/** Plays a recording and goes on living. */
const plays = (name: string): string => `cat '${join(recordings, name)}'; exec sleep 30`;
const host = (change: Partial<PowermetricsHost>): PowermetricsHost => ({
  platform: 'darwin',
  isRoot: true,
  powermetricsPath: '/nowhere/powermetrics',
  sudoPath: '/nowhere/sudo',
  probeTimeoutMs: 5000,
  ...change,
});

async function opened(change: Partial<PowermetricsHost>): Promise<Source> {
  const found = await createPowermetricsDefinition(host(change)).probe(context);
  if (found.kind === 'unavailable') throw new Error(found.reason);
  const source = await found.open();
  open.push(source);
  return source;
}

describe.skipIf(process.platform === 'win32')('createPowermetricsDefinition', { timeout: 20_000 }, () => {
  it('reads CPU and GPU as a model, each sample the mean of its second', async () => {
    const source = await opened({ powermetricsPath: tool('powermetrics', plays('apple-chip.plist')) });
    const readings: SourceReading[] = [];
    await expect.poll(async () => readings.push(...(await source.read(signal))), { timeout: 5000 }).toBe(6);
    expect(source.domains().map(({ id, kind, provenance }) => [id, kind, provenance])).toEqual([
      ['cpu:0', 'cpu', 'model'],
      ['gpu:apple', 'gpu', 'model'],
    ]);
    expect(readings.map((reading) => reading.powerWatts)).toEqual([
      expect.closeTo(0.993156, 9),
      expect.closeTo(0.476674, 9),
      4.28,
      expect.closeTo(3.1005, 9),
      2.5,
      18,
    ]);
    expect(readings[0]?.powerWindowSeconds).toBeCloseTo(1.004583375, 9);
    expect(readings[0]?.error).toEqual({ lowRatio: 0.8, highRatio: 1.25, offsetWatts: 0.5 });
  });

  it('covers the CPU alone on an Intel Mac', async () => {
    const path = tool('powermetrics', plays('intel-mac.plist'));
    const found = await createPowermetricsDefinition(host({ powermetricsPath: path })).probe(context);
    expect(found).toMatchObject({ kind: 'available', covers: ['cpu'] });
    if (found.kind === 'available') open.push(await found.open());
  });

  it('asks through sudo without a password where it is not root, word for word as the remedy allows it', async () => {
    const sudo = tool('sudo', `printf '%s\\n' "$*" > '${join(folder, 'asked')}'; ${plays('apple-chip.plist')}`);
    const found = await createPowermetricsDefinition(host({ isRoot: false, sudoPath: sudo })).probe(context);
    if (found.kind === 'available') open.push(await found.open());
    expect(found).toMatchObject({
      kind: 'available',
      covers: ['cpu', 'apple-gpu'],
      how: 'sudo -n /nowhere/powermetrics',
    });
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe(
      '-n /nowhere/powermetrics --samplers cpu_power,gpu_power -f plist -i 1000 -b 1\n',
    );
  });

  it('names the command that mends it where sudo wants a password', async () => {
    const sudo = tool('sudo', 'echo "sudo: a password is required" >&2; exit 1');
    const found = await createPowermetricsDefinition(host({ isRoot: false, sudoPath: sudo })).probe(context);
    expect(found).toMatchObject({
      kind: 'unavailable',
      reason: 'powermetrics is there, but only root may run it.',
      isMendable: true,
    });
    // What the shell makes of it is one line for sudoers: a comma in an argument is escaped there.
    const command = found.kind === 'unavailable' ? (found.remedies[0]?.command ?? '') : '';
    const line = execFileSync('/bin/sh', ['-c', command.split(' | ')[0] ?? ''], { encoding: 'utf8' });
    expect(line).toMatch(
      /^\S+ ALL=\(root\) NOPASSWD: \/usr\/bin\/powermetrics --samplers cpu_power\\,gpu_power -f plist -i 1000 -b 1\n$/,
    );
  });

  it('says in words what else is missing', async () => {
    const reasonOf = async (change: Partial<PowermetricsHost>): Promise<string> => {
      const found = await createPowermetricsDefinition(host(change)).probe(context);
      return found.kind === 'unavailable' ? found.reason : 'available';
    };
    expect(await reasonOf({ platform: 'linux' })).toBe('powermetrics is a tool of macOS; this is another system.');
    expect(await reasonOf({})).toContain('ENOENT');
    const silent = tool('silent', 'exec sleep 30');
    expect(await reasonOf({ powermetricsPath: silent, probeTimeoutMs: 300 })).toBe(
      'powermetrics gave no sample in time.',
    );
    const garbage = tool('garbage', 'head -c 100000 /dev/zero; echo "</plist>"; exit 2');
    expect(await reasonOf({ powermetricsPath: garbage })).toContain('exit 2');
  });

  it('gives missing readings, with the reason, once it has been silent', async () => {
    let lateMs = 0;
    const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + lateMs };
    const path = tool('powermetrics', `cat '${join(recordings, 'intel-mac.plist')}'; exit 7`);
    const found = await createPowermetricsDefinition(host({ powermetricsPath: path })).probe(exampleContext(clock));
    if (found.kind === 'unavailable') throw new Error(found.reason);
    const source = await found.open();
    open.push(source);
    await source.read(signal);
    lateMs = 5000;
    await expect
      .poll(async () => (await source.read(signal)).map((reading) => reading.missing?.note).join(), { timeout: 5000 })
      .toContain('exit 7');
  });
});
