import { z } from 'zod';
import { splitBySchema } from './run.ts';

/** A process on a GPU, now. One that uses several GPUs has a row for each. */
export const gpuProcessSchema = z.object({
  pid: z.number().int(),
  domainId: z.string(),
  /** The run that it belongs to; null: none. */
  runId: z.string().nullable(),
  /** Its words, or the driver's name of it; null where neither may be read. */
  command: z.string().nullable(),
  user: z.string().nullable(),
  /** Share of the GPU's SM time, 0…1; null where the driver does not tell. */
  smRatio: z.number().nullable(),
  memoryUsedBytes: z.number().nullable(),
  /** Its share of the GPU's power by the rule that runs are divided by; null where that cannot be told. */
  powerWatts: z.number().nullable(),
  splitBy: splitBySchema,
  /** CPU time of it and the processes below it over the time since the last look, in CPUs; null at the first look. */
  cpuCores: z.number().nullable(),
  /** Unix time; null where unknown. */
  startedAtMs: z.number().nullable(),
});
export type GpuProcessRow = z.infer<typeof gpuProcessSchema>;

export const gpuProcessesSchema = z.object({
  atMs: z.number(),
  processes: z.array(gpuProcessSchema),
  /** GPUs whose driver names no processes, by label. */
  untold: z.array(z.string()),
});
export type GpuProcesses = z.infer<typeof gpuProcessesSchema>;
