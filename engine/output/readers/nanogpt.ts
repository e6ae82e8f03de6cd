import { numberOf, type OutputReader, readMark } from '../reader.ts';

/** `iter 100: loss 2.4553, time 345.12ms, mfu 3.2%`: printed once that iteration, counted from 0, is done. */
const iteration =
  /\biter(?:ation)?\s+(\d+)(?:\/\d+)?\s*[:|]\s*(?:train(?:ing)?\s+)?loss\s{0,4}[:=]?\s{0,4}([-+]?[\d.]+(?:e[-+]?\d+)?)/i;
/** `step 250: train loss 1.9, val loss 2.0`: an evaluation between two iterations. */
const evaluation = /\bstep\s+(\d+):\s*train loss\s+([\d.]+),\s*val loss\s+([\d.]+)/i;

export const nanoGptReader: OutputReader = {
  id: 'nanogpt',
  create: () => ({
    read({ text, atMs }) {
      const evaluated = evaluation.exec(text);
      if (evaluated !== null) {
        const step = Number(evaluated[1]);
        return [
          ...(step === 0 ? [readMark('step', 0, { atMs })] : []),
          readMark('val_loss', numberOf(evaluated[3]) ?? 0, { atMs, step }),
        ];
      }
      const match = iteration.exec(text);
      if (match === null) return null;
      const step = Number(match[1]) + 1;
      return [readMark('step', step, { atMs }), readMark('loss', numberOf(match[2]) ?? 0, { atMs, step })];
    },
    finish: () => [],
  }),
};
