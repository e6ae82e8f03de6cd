import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type RunDomain, type RunReport, runReportSchema } from '../../shared/model/run.ts';
import { installFakeNvidiaSmi } from '../fakes/install.ts';
import type { FakeConfig } from '../fakes/nvidia-smi/config.mjs';
import { buildNvmlStub, renderNvmlConfig } from '../fakes/nvml/build.ts';
import { energyJoules, type Wave } from '../fakes/waveform.mjs';
import { runCli, startCli, temporaryHome, until } from './cli.ts';

const uuid = 'GPU-5c0ffee0-0000-4000-8000-000000000003';
const wave: Wave = { kind: 'sine', lowWatts: 180, highWatts: 320, periodSeconds: 5 };
/** Of what the two keep busy together. */
const shares = { large: 0.7, small: 0.3 } as const;
const busyPercent = 90;

const { home, remove } = temporaryHome();
afterAll(remove);
const stub = buildNvmlStub(home);

type Name = keyof typeof shares;
const names: readonly Name[] = ['large', 'small'];

const machine = (zeroMs: number, folder: string): FakeConfig => ({
  phaseZeroUnixMs: zeroMs,
  gpus: [
    {
      uuid,
      name: 'NVIDIA Test 1',
      busId: '00000000:01:00.0',
      limitWatts: 350,
      wave,
      utilizationPercent: busyPercent,
      processes: names.map((name) => ({
        pid: `FILE:${join(folder, name)}`,
        name: 'sh',
        smPercent: Math.round(shares[name] * busyPercent),
        memoryMiB: 512,
      })),
    },
  ],
});

interface Window {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

interface Shared {
  readonly window: Window;
  readonly domain: RunDomain;
}

const drawnJoules = ({ fromSeconds, toSeconds }: Window): number =>
  toSeconds > fromSeconds ? energyJoules(wave, fromSeconds, toSeconds) : 0;

function sharedOf(report: RunReport, zeroMs: number): Shared {
  const domain = report.energy.domains.find(({ id }) => id === `gpu:${uuid}`);
  if (domain === undefined) throw new Error('the GPU is not in the report');
  const fromSeconds = (Date.parse(report.run.startedAt) - zeroMs) / 1000;
  return { window: { fromSeconds, toSeconds: fromSeconds + report.run.durationSeconds }, domain };
}

/** Two commands under one engine, on one GPU, side by side but for the moments between their starts and ends. */
async function share(name: string, env: Readonly<Record<string, string>>, zeroMs: number) {
  const folder = join(home, name);
  const all = { WATTRUN_HOME: join(folder, 'data'), ...env };
  const server = startCli(['serve', '--json'], all);
  try {
    await until(() => server.stdout().includes('\n'), 'the server');
    const ended = await Promise.all(
      names.map((run) => {
        const script = `echo $$ > '${join(folder, run)}'; sleep 24; rm '${join(folder, run)}'`;
        return startCli(['run', '--quiet', '--name', run, '--', 'sh', '-c', script], all).ended;
      }),
    );
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    const reports = await Promise.all(names.map((run) => runCli(['show', run, '--json'], all)));
    const [large, small] = reports.map(({ stdout }) => sharedOf(runReportSchema.parse(JSON.parse(stdout)), zeroMs));
    if (large === undefined || small === undefined) throw new Error('a run is missing');
    return { large, small };
  } finally {
    server.child.kill('SIGTERM');
    await server.ended;
  }
}

function expectShares({ large, small }: Readonly<Record<Name, Shared>>): void {
  const both: Window = {
    fromSeconds: Math.max(large.window.fromSeconds, small.window.fromSeconds),
    toSeconds: Math.min(large.window.toSeconds, small.window.toSeconds),
  };
  for (const [name, { window, domain }] of Object.entries({ large, small })) {
    const trueJoules = shares[name as Name] * drawnJoules(both) + drawnJoules(window) - drawnJoules(both);
    const words = `${name}: ${domain.runJoules} J of ${domain.joules} J, ${trueJoules} J true of ${drawnJoules(window)} J, ${domain.coverage} seen`;
    const joules = domain.joules ?? 0;
    const share = (domain.runJoules ?? 0) / joules;
    expect(Math.abs(share - trueJoules / drawnJoules(window)), words).toBeLessThan(0.03);
    // On a busy machine the tool's last row may come too late: what was not seen is missing, and nothing is added.
    expect(joules / drawnJoules(window), words).toBeLessThan(1.02);
    expect(joules / drawnJoules(window), words).toBeGreaterThan(domain.coverage - 0.03);
    expect(domain.splitBy).toBe('sm-share');
  }
  const drawn = drawnJoules({
    fromSeconds: Math.min(large.window.fromSeconds, small.window.fromSeconds),
    toSeconds: Math.max(large.window.toSeconds, small.window.toSeconds),
  });
  // Together they have no more than was drawn, and what was seen of it.
  const together = ((large.domain.runJoules ?? 0) + (small.domain.runJoules ?? 0)) / drawn;
  expect(together).toBeLessThan(1.02);
  expect(together).toBeGreaterThan(Math.min(large.domain.coverage, small.domain.coverage) - 0.05);
}

describe.concurrent('two runs that share one GPU 70 to 30', () => {
  it('are told apart by what pmon lists', { timeout: 90_000 }, async () => {
    const folder = join(home, 'smi');
    installFakeNvidiaSmi(join(folder, 'bin'));
    const zeroMs = Date.now();
    const env = {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      FAKE_NVIDIA_SMI: JSON.stringify(machine(zeroMs, folder)),
    };
    expectShares(await share('smi', env, zeroMs));
  });

  it.skipIf('skipped' in stub)('are told apart by what NVML says of each process', { timeout: 90_000 }, async () => {
    const folder = join(home, 'nvml');
    mkdirSync(folder, { recursive: true });
    const zeroMs = Date.now();
    writeFileSync(join(folder, 'nvml.conf'), renderNvmlConfig(machine(zeroMs, folder)));
    const env = { WATTRUN_NVML: 'path' in stub ? stub.path : '', NVML_STUB_CONFIG: join(folder, 'nvml.conf') };
    expectShares(await share('nvml', env, zeroMs));
  });
});
