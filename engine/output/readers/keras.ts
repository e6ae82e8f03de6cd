import { numberOf, type OutputReader, type ReadMark, readMark } from '../reader.ts';
import { isLateRank, type PassSeen } from './late-rank.ts';

const header = /^Epoch (\d+)\/(\d+)\s*$/;
/** `29/29 ━━━━━ 0s 4ms/step - loss: 0.07`, or without a bar: `29/29 - 0s - 2ms/step - loss: 0.07`. */
const counts = /^\s*(\d{1,12})\/(\d{1,12}|Unknown)\s/;
const time = /^[━=>. [\]-]{0,200}\d{1,9}s\b/;
const metric = /- ([\w.]{1,60}): ([-+]?[\d.]+(?:e[-+]?\d+)?)/g;

/** Keras' `fit`. An epoch begins with its own line, so that evaluating and predicting, which print no such line, count for nothing. */
export const kerasReader: OutputReader = {
  id: 'keras',
  create() {
    let epoch: number | null = null;
    let first = 1;
    let stepsBefore = 0;
    let before: PassSeen['before'] = null;
    let done = 0;
    let states = 0;
    let isDone = false;
    let told = 0;
    /** Of trainings before this one. */
    let epochsBefore = 0;
    let doneAtMs = 0;

    function end(atMs: number): readonly ReadMark[] {
      if (epoch === null || !isDone || epochsBefore + epoch - first + 1 <= told) return [];
      told = epochsBefore + epoch - first + 1;
      return [readMark('epoch', told, { atMs, step: stepsBefore + done })];
    }

    return {
      read({ text, atMs }) {
        const start = header.exec(text);
        if (start !== null) {
          const next = Number(start[1]);
          // Another rank begins the epoch that is on, or the one before.
          if (epoch !== null && next <= epoch && !isDone) return [];
          const marks = [...end(doneAtMs)];
          if (epoch === null) {
            first = next;
            marks.push(readMark('epoch', 0, { atMs }));
          } else if (next <= epoch) {
            first = next;
            epochsBefore = told;
          }
          stepsBefore += done;
          before = epoch === null || done === 0 ? null : { done, states, elapsedSeconds: null };
          done = 0;
          states = 0;
          isDone = false;
          epoch = next;
          return marks;
        }
        if (epoch === null || isFinished(text, isDone)) return null;
        const match = counts.exec(text);
        if (match === null || !time.test(text.slice(match[0].length))) return null;
        const count = numberOf(match[1]) ?? 0;
        if (isDone && count < done) return [];
        if (isLateRank(count, { done, before })) return [];
        done = Math.max(done, count);
        states++;
        const step = stepsBefore + done;
        const marks = isDone ? [] : [readMark('step', step, { atMs })];
        for (const [, name = '', value] of text.matchAll(metric))
          marks.push(readMark(name, numberOf(value) ?? 0, { atMs, step, epoch }));
        if (match[1] === match[2]) {
          isDone = true;
          doneAtMs = atMs;
          // With a validation the same line comes once more, when that is done.
          if (/ - val_/.test(text)) marks.push(...end(atMs));
        }
        return marks;
      },
      finish: () => end(doneAtMs),
    };
  },
};

/** After an epoch's end only its own last line, with what validation gave, is of it. */
const isFinished = (text: string, isDone: boolean): boolean => isDone && !text.includes('val_');
