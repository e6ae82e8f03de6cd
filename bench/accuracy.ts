/**
 * `npm run bench:accuracy [-- --seconds 60 --runs 4 --only average,part-time,in-step,counter,rapl,shared]`: real `wattrun run` in real time on fake hardware whose power
 * is a closed form, against the integral of that form over the run: of the whole device, and of what the run was given of a GPU that only it used, whose process ends with it. Ratios of one run of this file; on a busy machine the moments of reading wander.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RunDomain, RunReport } from '../shared/model/run.ts';
import { installFakeNvidiaSmi } from '../tests/fakes/install.ts';
import type { FakeConfig } from '../tests/fakes/nvidia-smi/config.mjs';
import { buildNvmlStub, renderNvmlConfig } from '../tests/fakes/nvml/build.ts';
import { createFakePowercap, startPowercapUpdater } from '../tests/fakes/powercap.ts';
import { energyJoules, type Wave } from '../tests/fakes/waveform.mjs';
import { showLast, startCli } from '../tests/integration/cli.ts';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    runs: { type: 'string', default: '4' },
    only: { type: 'string' },
  },
});
const seconds = Number(flags.seconds);
const runs = Number(flags.runs);
const uuid = 'GPU-5c0ffee0-0000-4000-8000-000000000001';
const root = mkdtempSync(join(tmpdir(), 'wattrun-accuracy-'));
const stub = buildNvmlStub(root);

/** An energy against the truth. */
interface Judged {
  readonly errorRatio: number;
  readonly widthRatio: number;
  readonly isInside: boolean;
}

interface Outcome {
  readonly kind: string;
  /** The domain while the run was on. */
  readonly whole: Judged;
  /** What the run was given of it; null where that is not the whole. */
  readonly run: Judged | null;
  readonly coverage: number;
  readonly gaps: number;
  readonly splitBy: string;
}

/** Spikes and waves of a period that fits nothing; another one each run. */
const waveOf = (number: number): Wave => ({
  kind: number % 2 === 0 ? 'square' : 'sine',
  lowWatts: 70,
  highWatts: 370,
  periodSeconds: [0.83, 1.37, 3.1, 7.3][number % 4] ?? 1,
  dutyRatio: 0.3,
});

/** Periods of 3, 5, 7 and 10 of an A100's updates: the same phases are seen for as long as it runs. */
const waveInStep = (number: number): Wave => ({
  ...waveOf(number),
  kind: 'square',
  periodSeconds: [0.3, 0.5, 0.7, 1][number % 4] ?? 1,
});

interface Setting {
  readonly env: Readonly<Record<string, string>>;
  readonly wave: Wave;
  readonly domainId: string;
  /** Unix time of the wave's beginning. */
  readonly zeroMs: number;
  close(): Promise<void>;
}

type Kind = (folder: string, zeroMs: number, number: number) => Promise<Setting>;

function gpuConfig(folder: string, zeroMs: number, change: Partial<FakeConfig['gpus'][number]>): FakeConfig {
  return {
    phaseZeroUnixMs: zeroMs,
    gpus: [
      {
        uuid,
        name: 'NVIDIA Test 1',
        busId: '00000000:01:00.0',
        limitWatts: 400,
        wave: waveOf(0),
        processes: [{ pid: `FILE:${join(folder, 'pid')}`, name: 'sh', smPercent: 90, memoryMiB: 512 }],
        ...change,
      },
    ],
  } as FakeConfig;
}

function smi(change: Partial<FakeConfig['gpus'][number]>, load = waveOf): Kind {
  return async (folder, zeroMs, number) => {
    installFakeNvidiaSmi(join(folder, 'bin'));
    const wave = load(number);
    return {
      wave,
      zeroMs,
      domainId: `gpu:${uuid}`,
      env: {
        PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
        FAKE_NVIDIA_SMI: JSON.stringify(gpuConfig(folder, zeroMs, { wave, ...change })),
      },
      close: async () => {},
    };
  };
}

function nvml(counterUpdateMs: number): Kind {
  return async (folder, zeroMs, number) => {
    const wave = waveOf(number);
    const config = renderNvmlConfig(gpuConfig(folder, zeroMs, { wave }), { gpus: { [uuid]: { counterUpdateMs } } });
    writeFileSync(join(folder, 'nvml.conf'), config);
    return {
      wave,
      zeroMs,
      domainId: `gpu:${uuid}`,
      env: { WATTRUN_NVML: 'path' in stub ? stub.path : '', NVML_STUB_CONFIG: join(folder, 'nvml.conf') },
      close: async () => {},
    };
  };
}

/** 120 J of range: about two wraps a second at the highest power. */
const rapl: Kind = async (folder, _zeroMs, number) => {
  const wave = waveOf(number);
  const zones = [
    { id: 'intel-rapl:0', name: 'package-0', maxEnergyRangeMicrojoules: 120_000_000, maxPowerWatts: 200, wave },
  ];
  const powercap = createFakePowercap(join(folder, 'sys'), zones);
  const updater = await startPowercapUpdater(powercap, zones);
  return {
    wave,
    zeroMs: updater.phaseZeroUnixMs,
    domainId: 'cpu:0',
    env: { WATTRUN_SYSFS: join(folder, 'sys') },
    close: () => updater.close(),
  };
};

const a100 = { name: 'NVIDIA A100-SXM4-40GB', sensor: { kind: '25ms-per-100ms', updateMs: 100 } } as const;
const kinds: Readonly<Record<string, Kind>> = {
  average: smi({ sensor: { kind: 'average-1s', updateMs: 100 } }),
  'part-time': smi(a100),
  'in-step': smi(a100, waveInStep),
  counter: nvml(100),
  'counter-20ms': nvml(20),
  rapl,
};

function judge(truth: number, told: Pick<RunDomain, 'joules' | 'lowJoules' | 'highJoules'>): Judged {
  const { joules, lowJoules, highJoules } = told;
  // A run that was given nothing has no such energy, and is outside.
  if (joules === null || lowJoules === null || highJoules === null)
    return { errorRatio: -1, widthRatio: 0, isInside: false };
  return {
    errorRatio: joules / truth - 1,
    widthRatio: (highJoules - lowJoules) / joules,
    isInside: lowJoules <= truth && truth <= highJoules,
  };
}

async function measure(kindName: string, number: number): Promise<Outcome> {
  const folder = join(root, `${kindName}-${number}`);
  mkdirSync(folder, { recursive: true });
  const zeroMs = Date.now() - 5000 - Math.round(1000 * Math.random());
  const setting = await (kinds[kindName] as Kind)(folder, zeroMs, number);
  const env = { WATTRUN_HOME: join(folder, 'data'), ...setting.env };
  // The GPU's list loses the process with the run's end, as a driver's does.
  const child = ['sh', '-c', `echo $$ > '${join(folder, 'pid')}'; sleep ${seconds}; rm '${join(folder, 'pid')}'`];
  await startCli(['run', '--quiet', '--', ...child], env).ended;
  const report: RunReport = await showLast(env);
  await setting.close();
  const domain = report.energy.domains.find((one) => one.id === setting.domainId) as RunDomain;
  const start = (Date.parse(report.run.startedAt) - setting.zeroMs) / 1000;
  const truth = energyJoules(setting.wave, start, start + report.run.durationSeconds);
  return {
    kind: kindName,
    whole: judge(truth, domain),
    // The process is the GPU's only user: the run's energy is all of it. A CPU's is shared with the machine.
    run:
      domain.kind === 'gpu'
        ? judge(truth, { joules: domain.runJoules, lowJoules: domain.runLowJoules, highJoules: domain.runHighJoules })
        : null,
    coverage: domain.coverage,
    gaps: domain.gaps.length,
    splitBy: domain.splitBy,
  };
}

const percent = (ratio: number): string => `${(100 * ratio).toFixed(3)} %`;
const lineOf = ({ errorRatio, widthRatio, isInside }: Judged): string =>
  [
    `error ${percent(errorRatio)}`.padEnd(16),
    `width ${percent(widthRatio)}`.padEnd(16),
    isInside ? 'inside ' : 'OUTSIDE',
  ].join('  ');

for (const kind of Object.keys(kinds).filter(
  (name) => flags.only === undefined || flags.only.split(',').includes(name),
)) {
  const outcomes = await Promise.all(Array.from({ length: runs }, (_, number) => measure(kind, number)));
  for (const outcome of outcomes)
    console.log(
      [
        kind.padEnd(14),
        lineOf(outcome.whole),
        `run ${outcome.run === null ? '-' : lineOf(outcome.run)}`.padEnd(54),
        `covered ${percent(outcome.coverage)}`,
        `${outcome.gaps} gaps`,
        outcome.splitBy,
      ].join('  '),
    );
}
rmSync(root, { recursive: true, force: true });
