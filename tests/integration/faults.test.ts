import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GapReason } from '../../shared/model/domain.ts';
import type { RunDomain, RunReport } from '../../shared/model/run.ts';
import { installFakeNvidiaSmi } from '../fakes/install.ts';
import type { FakeConfig } from '../fakes/nvidia-smi/config.mjs';
import { buildNvmlStub, type NvmlGpuExtras, renderNvmlConfig } from '../fakes/nvml/build.ts';
import { createFakePowercap, startPowercapUpdater } from '../fakes/powercap.ts';
import { energyJoules, type Wave } from '../fakes/waveform.mjs';
import { showLast, startCli, temporaryHome, until } from './cli.ts';

const uuid = 'GPU-5c0ffee0-0000-4000-8000-000000000001';
const wave: Wave = { kind: 'sine', lowWatts: 120, highWatts: 320, periodSeconds: 4 };
const runSeconds = 20;
/** The waveform begins this long after the command was started: a busy machine takes some seconds to start three. */
const leadMs = 5000;
/** Of the waveform's time. */
const fault = { fromMs: 8000, toMs: 11_000 };

const { home, remove } = temporaryHome();
afterAll(remove);
const stub = buildNvmlStub(home);

interface Measured {
  readonly report: RunReport;
  readonly domain: RunDomain;
  /** Energy of the whole run by the closed form, and of what lay outside the fault. */
  readonly trueJoules: number;
  readonly outsideJoules: number;
}

function gpuMachine(zeroMs: number, folder: string, faults: FakeConfig['faults']): FakeConfig {
  return {
    phaseZeroUnixMs: zeroMs,
    gpus: [
      {
        uuid,
        name: 'NVIDIA Test 1',
        busId: '00000000:01:00.0',
        limitWatts: 350,
        wave,
        processes: [{ pid: `FILE:${join(folder, 'pid')}`, name: 'sh', smPercent: 90, memoryMiB: 512 }],
      },
    ],
    faults,
  } as FakeConfig;
}

interface World {
  readonly env: Readonly<Record<string, string>>;
  readonly zeroMs: number;
  /** How much later than the waveform says the fault comes. */
  readonly faultLeadMs: number;
  readonly domainId: string;
  close(): Promise<void>;
}

const bySmi =
  (...faults: NonNullable<FakeConfig['faults']>) =>
  async (folder: string): Promise<World> => {
    const zeroMs = Date.now() + leadMs;
    installFakeNvidiaSmi(join(folder, 'bin'));
    const env = {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      FAKE_NVIDIA_SMI: JSON.stringify(gpuMachine(zeroMs, folder, faults)),
    };
    return { env, zeroMs, faultLeadMs: 0, domainId: `gpu:${uuid}`, close: async () => {} };
  };

const byNvml =
  (faults: NonNullable<FakeConfig['faults']>, extras: NvmlGpuExtras = {}) =>
  async (folder: string): Promise<World> => {
    const zeroMs = Date.now() + leadMs;
    const config = renderNvmlConfig(gpuMachine(zeroMs, folder, faults), {
      // It counts before the waveform begins, too.
      gpus: { [uuid]: { counterUpdateMs: 20, counterStartMillijoules: 1e9, ...extras } },
    });
    writeFileSync(join(folder, 'nvml.conf'), config);
    const env = { WATTRUN_NVML: 'path' in stub ? stub.path : '', NVML_STUB_CONFIG: join(folder, 'nvml.conf') };
    return { env, zeroMs, faultLeadMs: 0, domainId: `gpu:${uuid}`, close: async () => {} };
  };

/** The zone is away for as long as the fault lasts. */
async function byRapl(folder: string, hasFault = true): Promise<World> {
  const zones = [{ id: 'intel-rapl:0', name: 'package-0', maxPowerWatts: 200, wave }];
  const powercap = createFakePowercap(join(folder, 'sys'), zones);
  const updater = await startPowercapUpdater(powercap, zones);
  const zone = join(powercap.root, 'class/powercap/intel-rapl:0');
  const timers = hasFault
    ? [
        setTimeout(() => renameSync(zone, `${zone}.away`), leadMs + fault.fromMs),
        setTimeout(() => renameSync(`${zone}.away`, zone), leadMs + fault.toMs),
      ]
    : [];
  return {
    env: { WATTRUN_SYSFS: join(folder, 'sys') },
    zeroMs: updater.phaseZeroUnixMs,
    faultLeadMs: leadMs,
    domainId: 'cpu:0',
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await updater.close();
    },
  };
}

async function measure(name: string, worldOf: (folder: string) => Promise<World>): Promise<Measured> {
  const folder = join(home, name);
  mkdirSync(folder, { recursive: true });
  const world = await worldOf(folder);
  const env = { WATTRUN_HOME: join(folder, 'data'), ...world.env };
  const command = ['sh', '-c', `echo $$ > '${join(folder, 'pid')}'; sleep ${runSeconds}`];
  const ended = await startCli(['run', '--quiet', '--', ...command], env).ended;
  expect(ended.code, ended.stderr).toBe(0);
  const report = await showLast(env);
  await world.close();
  const domain = report.energy.domains.find((one) => one.id === world.domainId);
  if (domain === undefined) throw new Error(`${world.domainId} is not in the report`);
  const from = (Date.parse(report.run.startedAt) - world.zeroMs) / 1000;
  const to = from + report.run.durationSeconds;
  const trueJoules = energyJoules(wave, from, to);
  const faultFrom = Math.min(to, Math.max(from, (fault.fromMs + world.faultLeadMs) / 1000));
  const faultTo = Math.min(to, Math.max(faultFrom, (fault.toMs + world.faultLeadMs) / 1000));
  return { report, domain, trueJoules, outsideJoules: trueJoules - energyJoules(wave, faultFrom, faultTo) };
}

type Case = readonly [
  name: string,
  reasons: readonly GapReason[],
  isBridged: boolean,
  world: (folder: string) => Promise<World>,
];

const smiCases: readonly Case[] = [
  ['an nvidia-smi that hangs for 3 s', ['timeout', 'no-reading'], false, bySmi({ kind: 'hang', ...fault })],
  [
    'an nvidia-smi whose power is [N/A] for 3 s',
    ['no-reading'],
    false,
    bySmi(
      ...['power.draw', 'power.draw.average', 'power.draw.instant'].map(
        (field) => ({ kind: 'not-available', field, ...fault }) as const,
      ),
    ),
  ],
  [
    'an nvidia-smi stream that dies',
    ['failed', 'timeout'],
    false,
    bySmi({ kind: 'exit', atMs: fault.fromMs, toMs: fault.toMs, code: 255 }),
  ],
];
const nvmlCases: readonly Case[] = [
  ['an NVML that hangs for 3 s', ['timeout', 'no-reading'], true, byNvml([{ kind: 'hang', ...fault }])],
  ['a GPU that is lost for 3 s', ['lost'], false, byNvml([{ kind: 'lost-gpu', uuid, ...fault }])],
  ['a counter that starts anew', ['reset'], true, byNvml([], { counterResetMs: 9000 })],
];
const cases: readonly Case[] = [
  ...smiCases,
  ...('path' in stub ? nvmlCases : []),
  ['a RAPL counter that cannot be read for 3 s', ['failed'], true, (folder) => byRapl(folder)],
];

describe('faults in the middle of a run', () => {
  const outcomes = new Map<string, Measured>();
  const lookedAt = new Set<string>();

  beforeAll(async () => {
    if ('skipped' in stub) console.warn(`NVML's faults are left out: ${stub.skipped}`);
    // Few at a time: what they share is the clock, and a starved fake is late.
    for (let i = 0; i < cases.length; i += 3)
      await Promise.all(
        cases.slice(i, i + 3).map(async ([name, , , world], k) => {
          outcomes.set(name, await measure(`fault-${i + k}`, world));
        }),
      );
  }, 240_000);

  it.each(cases)(
    '%s: the gap is named with its reason, nothing is invented, and it goes on',
    async (name, reasons, isBridged, world) => {
      // Tried once more it is measured once more.
      const outcome = lookedAt.has(name) ? await measure(`again-${lookedAt.size}`, world) : outcomes.get(name);
      lookedAt.add(name);
      if (outcome === undefined) throw new Error('it was not measured');
      const { domain, trueJoules, outsideJoules, report } = outcome;
      const words = JSON.stringify({ joules: domain.joules, trueJoules, outsideJoules, gaps: domain.gaps });
      const named = domain.gaps.filter((gap) => reasons.includes(gap.reason));
      expect(named.length, words).toBeGreaterThan(0);
      expect(
        named.some((gap) => gap.isBridged === isBridged),
        words,
      ).toBe(true);
      expect(report.run.status).toBe('finished');
      // A machine that starves its fakes leaves a little more uncovered; nothing more is ever booked.
      expect(domain.joules ?? Number.NaN, words).toBeLessThan(trueJoules * 1.02);
      expect(domain.joules ?? Number.NaN, words).toBeGreaterThan((isBridged ? trueJoules : outsideJoules) * 0.85);
      expect(domain.lowJoules ?? Number.NaN, words).toBeLessThanOrEqual(trueJoules);
      expect(domain.highJoules ?? Number.NaN, words).toBeGreaterThanOrEqual(trueJoules);
      if (isBridged) expect(domain.coverage, words).toBeGreaterThan(0.95);
      else expect(domain.coverage, words).toBeLessThan(0.95);
    },
  );
});

it.each([
  ...('path' in stub ? ([['NVML', true, (folder: string) => byNvml([])(folder)]] as const) : []),
  // How much of the CPU's time was the run's, nobody looked.
  ['RAPL', false, (folder: string) => byRapl(folder, false)] as const,
])(
  'an engine that is killed: what %s counted until the next one reads it is a GPU’s, or is missing',
  async (name, isBridged, worldOf) => {
    const folder = join(home, `killed-${name}`);
    mkdirSync(folder, { recursive: true });
    const world = await worldOf(folder);
    const env = { WATTRUN_HOME: join(folder, 'data'), ...world.env };
    const server = startCli(['serve', '--json'], env);
    await until(() => server.stdout().includes('\n'), 'the server');
    const command = ['sh', '-c', `echo $$ > '${join(folder, 'pid')}'; sleep 14`];
    const started = startCli(['run', '--quiet', '--', ...command], env);
    await delay(6000);
    server.child.kill('SIGKILL');
    const ended = await started.ended;
    expect(ended.code, ended.stderr).toBe(0);
    const { run, energy } = await showLast(env);
    await world.close();
    const domain = energy.domains.find((one) => one.id === world.domainId);
    const fromSeconds = (Date.parse(run.startedAt) - world.zeroMs) / 1000;
    const trueJoules = energyJoules(wave, fromSeconds, fromSeconds + run.durationSeconds);
    const words = JSON.stringify({ ...domain, trueJoules });
    expect((domain?.joules ?? Number.NaN) / trueJoules, words).toBeLessThan(1.01);
    expect((domain?.joules ?? Number.NaN) / trueJoules, words).toBeGreaterThan(isBridged ? 0.99 : 0.8);
    expect(domain?.lowJoules ?? Number.NaN, words).toBeLessThanOrEqual(trueJoules);
    expect(domain?.highJoules ?? Number.NaN, words).toBeGreaterThanOrEqual(trueJoules);
    if (isBridged) expect(domain?.coverage, words).toBeGreaterThan(0.99);
    expect(domain?.provenance, words).toBe('counter');
    expect(domain?.gaps, words).toMatchObject([{ reason: 'restart', isBridged }]);
  },
);

it.skipIf('skipped' in stub)('a driver that hangs for good does not keep a finished command', async () => {
  const folder = join(home, 'hung');
  mkdirSync(folder, { recursive: true });
  const { env } = await byNvml([{ kind: 'hang', fromMs: 0 }])(folder);
  const command = ['sh', '-c', `sleep ${leadMs / 1000 + 4}; exit 3`];
  const startedMs = performance.now();
  const ended = await startCli(['run', '--quiet', '--', ...command], {
    WATTRUN_HOME: join(folder, 'data'),
    ...env,
  }).ended;
  expect(ended.code).toBe(3);
  // What a run's last readings are waited for, and the start and end of Node.
  expect(performance.now() - startedMs - leadMs - 4000).toBeLessThan(12_000);
});
