import type { RunReport } from '../../shared/model/run.ts';
import type { Section } from './document.ts';

/** What a run began in; null where nothing of it is on record. */
export function environmentPart({ environment }: RunReport): Omit<Section, 'level'> | null {
  if (environment === null) return null;
  const { os, kernel, cpu, gpus, driverVersion, cudaVersion, python, variables, wattrunVersion } = environment;
  const rows = (
    [
      ['System', os],
      ['Kernel', kernel],
      ['CPU', cpu],
      ['GPUs', gpus.join(', ')],
      ['GPU driver', driverVersion],
      ['CUDA of the driver', cudaVersion],
      ['Python', [python?.version, python?.executable].filter((part) => part != null).join(', ')],
      ['Python environment', python?.environment ?? null],
      ['Wattrun', wattrunVersion],
      ...Object.entries(variables),
    ] as const
  ).flatMap(([label, value]) => (value === null || value === '' ? [] : [[label, value] as const]));
  return rows.length === 0 ? null : { title: 'Environment', blocks: [{ kind: 'facts', rows }] };
}
