import type { SortingState } from '@tanstack/react-table';
import { z } from 'zod';
import { runStatusSchema } from '../../shared/model/run.ts';
import { type BrowserMemory, recall, remember } from '../app/browser-memory.ts';
import { noDates } from './date-filter.ts';
import { noFilters, type RunFilters } from './run-filter.ts';

const memoryKey = 'wattrun.runs';

/** What of the runs table outlives the window: how it is narrowed and sorted, and which columns are put away. */
export interface RunsMemory {
  readonly filters: RunFilters;
  readonly sorting: SortingState;
  readonly hiddenColumns: readonly string[];
}

export const freshRunsMemory: RunsMemory = {
  filters: noFilters,
  sorting: [{ id: 'started', desc: true }],
  hiddenColumns: [],
};

const memorySchema = z.object({
  filters: z
    .object({
      text: z.string().catch(''),
      project: z.string().nullable().catch(null),
      tags: z.array(z.string()).catch([]),
      statuses: z.array(z.enum([...runStatusSchema.options, 'paused'])).catch([]),
      dates: z
        .object({
          lastDays: z.number().int().positive().nullable(),
          from: z.string().nullable(),
          to: z.string().nullable(),
        })
        .catch(noDates),
    })
    .catch(() => ({ ...noFilters, tags: [], statuses: [] })),
  sorting: z
    .array(z.object({ id: z.string(), desc: z.boolean() }))
    .min(1)
    .catch([...freshRunsMemory.sorting]),
  hiddenColumns: z.array(z.string()).catch([]),
});

/** As it was left; what another version wrote and this one does not understand is as on the first day. */
export function recallRuns(columnIds: readonly string[], memory?: () => BrowserMemory): RunsMemory {
  const text = recall(memoryKey, memory);
  if (text === null) return freshRunsMemory;
  try {
    const kept = memorySchema.parse(JSON.parse(text));
    const isKnown = kept.sorting.every(({ id }) => columnIds.includes(id));
    return { ...kept, sorting: isKnown ? kept.sorting : freshRunsMemory.sorting };
  } catch {
    // No JSON, or no object: something else wrote there.
    return freshRunsMemory;
  }
}

export const rememberRuns = ({ filters, sorting, hiddenColumns }: RunsMemory, memory?: () => BrowserMemory): void =>
  remember(memoryKey, JSON.stringify({ filters, sorting, hiddenColumns }), memory);
