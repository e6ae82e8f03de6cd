import { constantPower, type Segment, type Waveform } from './waveform.ts';

/** A run of the simulated server; times in seconds relative to the moment the demo opens. */
export interface SimulatedRun {
  readonly name: string;
  readonly project: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly pid: number;
  readonly gpus: readonly number[];
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly exitCode: number;
  readonly gpuWatts: number;
  readonly epochSeconds: number;
  readonly memoryGibibytes: number;
  /** Share of the machine's busy CPU time. */
  readonly cpuShare: number;
}

const minutes = (count: number): number => count * 60;
const hours = (count: number): number => count * 3600;

const torchrun = (script: string, gpus: number): readonly string[] => ['torchrun', `--nproc-per-node=${gpus}`, script];

/** What the demo's server has done and will do: two runs on, six behind, one to come, one GPU held idle by a notebook, one too hot. */
export const simulatedRuns: readonly SimulatedRun[] = [
  run(
    'llama3-8b-sft-r2',
    'sft',
    { precision: 'bf16' },
    {
      gpus: [0, 1, 2, 3],
      from: hours(-23.6),
      to: hours(-15.1),
      watts: 662,
      epoch: 2400,
      memory: 71.2,
      pid: 4101,
      cpu: 0.42,
    },
  ),
  run(
    'vit-l-drop00',
    'vision',
    { sweep: 'ablation' },
    { gpus: [4, 5], from: hours(-21), to: hours(-16.2), watts: 598, epoch: 900, memory: 44.8, pid: 4102, cpu: 0.3 },
  ),
  run(
    'moe-8e-top2',
    'moe',
    { sweep: 'baseline' },
    {
      gpus: [0, 1, 2, 3, 4, 5, 6],
      from: hours(-14.6),
      to: hours(-8.3),
      watts: 641,
      epoch: 3600,
      memory: 76.4,
      pid: 4103,
      cpu: 0.55,
    },
  ),
  run(
    'llama3-8b-lr3e4',
    'sft',
    { precision: 'bf16' },
    {
      gpus: [0, 1, 2, 3],
      from: hours(-7.9),
      to: hours(-6.9),
      watts: 655,
      epoch: 1500,
      memory: 71.0,
      pid: 4104,
      cpu: 0.4,
      exitCode: 1,
    },
  ),
  run(
    'vit-l-drop01',
    'vision',
    { sweep: 'ablation' },
    { gpus: [4, 5], from: hours(-7.5), to: hours(-2.1), watts: 604, epoch: 900, memory: 44.8, pid: 4105, cpu: 0.3 },
  ),
  run(
    'whisper-ft-de',
    'speech',
    {},
    { gpus: [6], from: hours(-5.2), to: hours(-4.4), watts: 512, epoch: 600, memory: 38.1, pid: 4106, cpu: 0.2 },
  ),
  run(
    'llama3-8b-sft-r3',
    'sft',
    { precision: 'bf16' },
    {
      gpus: [0, 1, 2, 3],
      from: minutes(-221),
      to: hours(6),
      watts: 668,
      epoch: 1500,
      memory: 71.2,
      pid: 4107,
      cpu: 0.42,
    },
  ),
  run(
    'vit-l-drop02',
    'vision',
    { sweep: 'ablation' },
    { gpus: [4, 5], from: minutes(-52), to: minutes(9), watts: 602, epoch: 290, memory: 44.8, pid: 4108, cpu: 0.28 },
  ),
  run(
    'vit-l-drop03',
    'vision',
    { sweep: 'ablation' },
    { gpus: [4, 5, 6], from: minutes(10), to: hours(5), watts: 606, epoch: 290, memory: 44.8, pid: 4109, cpu: 0.3 },
  ),
];

interface RunShape {
  readonly gpus: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly watts: number;
  readonly epoch: number;
  readonly memory: number;
  readonly pid: number;
  readonly cpu: number;
  readonly exitCode?: number;
}

function run(name: string, project: string, tags: Readonly<Record<string, string>>, shape: RunShape): SimulatedRun {
  return {
    name,
    project,
    tags,
    command: torchrun(`train_${project}.py`, shape.gpus.length),
    pid: shape.pid,
    gpus: shape.gpus,
    fromSeconds: shape.from,
    toSeconds: shape.to,
    exitCode: shape.exitCode ?? 0,
    gpuWatts: shape.watts,
    epochSeconds: shape.epoch,
    memoryGibibytes: shape.memory,
    cpuShare: shape.cpu,
  };
}

export const gpuCount = 8;
export const gpuLimitWatts = 700;
export const gpuMemoryGibibytes = 80;
export const notebook = { gpu: 7, pid: 48213, name: 'jupyter', memoryGibibytes: 31.4 } as const;
/** GPU 3 has been held back by heat since then. */
export const hotGpu = { index: 3, fromSeconds: minutes(-19) } as const;
/** Nothing answered for 75 s: the driver was reset. */
export const outage = { fromSeconds: minutes(-43), toSeconds: minutes(-43) + 75 } as const;

export const gpuIdle = (index: number): Waveform =>
  index === notebook.gpu ? constantPower(119, 2, 47) : constantPower(70 + index / 2, 1, 53);

/** Each GPU a little different, as real ones are. */
export function gpuSegments(index: number): readonly Segment[] {
  return simulatedRuns
    .filter((one) => one.gpus.includes(index))
    .flatMap((one) => {
      const spread = ((index * 7) % 5) * 4 - 8;
      const cool = segment(one, one.fromSeconds, one.toSeconds, one.gpuWatts + spread);
      if (index !== hotGpu.index || one.toSeconds <= hotGpu.fromSeconds) return [cool];
      return [
        segment(one, one.fromSeconds, hotGpu.fromSeconds, one.gpuWatts + spread),
        segment(one, hotGpu.fromSeconds, one.toSeconds, 555),
      ];
    });
}

function segment(one: SimulatedRun, fromSeconds: number, toSeconds: number, meanWatts: number): Segment {
  return {
    fromSeconds,
    toSeconds,
    wave: {
      meanWatts,
      rippleWatts: 14,
      ripplePeriodSeconds: 37 + (one.pid % 11),
      dipWatts: meanWatts * 0.42,
      dipEverySeconds: one.epochSeconds,
      dipSeconds: Math.min(40, one.epochSeconds * 0.06),
    },
  };
}

export const cpuPackages = 2;
/** One package: 118 W idle, and 190 W more at full use of all runs' shares. */
export function cpuPackageSegments(): { readonly idle: Waveform; readonly active: readonly Segment[] } {
  const active = simulatedRuns.map((one) => ({
    fromSeconds: one.fromSeconds,
    toSeconds: one.toSeconds,
    wave: constantPower(190 * one.cpuShare, 6, 41),
  }));
  return { idle: constantPower(118, 3, 29), active };
}
