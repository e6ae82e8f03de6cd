import { z } from 'zod';

/** The interpreter that a run's command is for, as far as files tell it; nothing is started to find out. */
export const pythonSchema = z.object({
  /** Path of the interpreter, links not followed: it tells the virtual environment. */
  executable: z.string().nullable(),
  /** '3.12.4', or '3.12' where only the file's name tells it. */
  version: z.string().nullable(),
  /** Folder of the virtual environment, or name of the conda environment. */
  environment: z.string().nullable(),
});
export type Python = z.infer<typeof pythonSchema>;

/** What a process brings along: its interpreter, and those of its variables that matter to training. */
export const programSchema = z.object({
  python: pythonSchema.nullable(),
  /** By name; an allow-list (engine/environment/training-variables.ts), and never what looks like a secret. */
  variables: z.record(z.string(), z.string()),
});
export type Program = z.infer<typeof programSchema>;

/** What a run began in, recorded once; each `null` where it was not known. */
export const runEnvironmentSchema = programSchema.extend({
  /** 'Debian GNU/Linux 12 (bookworm)'. */
  os: z.string().nullable(),
  /** 'Linux 6.1.0-18-amd64'. */
  kernel: z.string().nullable(),
  /** '2 × Intel Xeon Platinum 8480C'. */
  cpu: z.string().nullable(),
  /** Names of the machine's GPUs, one an entry, in their order. */
  gpus: z.array(z.string()),
  /** Of the GPUs: '580.65.06'. */
  driverVersion: z.string().nullable(),
  /** The newest CUDA that the driver supports: '13.0'. */
  cudaVersion: z.string().nullable(),
  wattrunVersion: z.string().nullable(),
  /** Sources whose hardware, tool or library is there and that gave nothing in all of the run, with the reason: what they measure is in no sum. */
  unread: z.array(z.object({ label: z.string(), reason: z.string() })).default([]),
});
export type RunEnvironment = z.infer<typeof runEnvironmentSchema>;

/** The same, without what a process brings along. */
export type MachineEnvironment = Omit<RunEnvironment, keyof Program>;
