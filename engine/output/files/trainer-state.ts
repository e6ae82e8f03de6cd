import { z } from 'zod';
import type { MarkFileReader } from '../file-reader.ts';
import { type ReadMark, readMark } from '../reader.ts';

const stateSchema = z.object({
  epoch: z.number().nullish(),
  global_step: z.number(),
  num_input_tokens_seen: z.number().nullish(),
  log_history: z.array(z.record(z.string(), z.unknown())).default([]),
});

/** `trainer_state.json` beside a Hugging Face checkpoint. It says no times: what it tells was so when it was written. */
export const trainerStateFile: MarkFileReader = {
  id: 'trainer-state',
  kind: 'whole',
  isOwn: (name) => name === 'trainer_state.json',
  create: (modifiedMs) => ({
    push(bytes) {
      const parsed = stateSchema.safeParse(jsonOf(bytes));
      if (!parsed.success) return [];
      const { epoch, global_step: step, num_input_tokens_seen: tokens, log_history: history } = parsed.data;
      const at = { atMs: modifiedMs, step, epoch: epoch ?? null };
      const marks: ReadMark[] = [readMark('step', step, { atMs: modifiedMs })];
      if (epoch != null) marks.push(readMark('epoch', epoch, { atMs: modifiedMs, step }));
      if (tokens != null && tokens > 0) marks.push(readMark('tokens', tokens, at));
      // JSON holds numbers that are none here: 1e999.
      const loss = history.map((entry) => entry.loss).findLast((value) => Number.isFinite(value));
      if (typeof loss === 'number') marks.push(readMark('loss', loss, at));
      return marks;
    },
  }),
};

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Half written: the next look finds it whole.
    return null;
  }
}
