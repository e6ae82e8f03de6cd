import { numberOf, type OutputReader, type ReadMark, readMark } from '../reader.ts';
import { parseBar } from './bar.ts';

/** A dictionary as Python prints it on one line: {'loss': 0.69, 'epoch': 1.0}; since transformers 5 its numbers are strings. */
const dictionary = /\{('[\w./]{1,80}':[^{}]{1,4000})\}/;
const pair = /'([\w./]{1,80})':\s*'?([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)'?/g;

/** Hugging Face's Trainer: its dictionaries say loss and epoch, its bar the step that they stand at. */
export const hfTrainerReader: OutputReader = {
  id: 'hf-trainer',
  create() {
    let step = 0;
    let total: number | null = null;
    let stepsPerEpoch: number | null = null;
    let told = 0;
    /** Of trainings before this one. */
    let stepsBefore = 0;
    let epochsBefore = 0;
    let lastEpoch = 0;
    /** An epoch that is over, while the bar that is drawn anew with the line tells at which step. */
    let ended: ReadMark | null = null;
    /** What the first of its dictionaries says: the second one tells whether all of that was done here. */
    let first: number | null = null;
    let isStarting = true;
    let held: readonly ReadMark[] = [];

    function release(second: number): readonly ReadMark[] {
      const marks = held;
      held = [];
      isStarting = false;
      const before = Math.floor((first ?? 0) - (second - (first ?? 0)) + 1e-6);
      return marks.map((mark) => (mark.value <= before ? { ...mark, step: 0 } : mark));
    }

    function tellEnded(at: number | null): readonly ReadMark[] {
      const mark = ended;
      ended = null;
      if (mark === null) return [];
      if (at !== null) stepsPerEpoch = Math.round((at - stepsBefore) / (mark.value - epochsBefore));
      if (!isStarting || first === null) return [{ ...mark, step: at }];
      held = [{ ...mark, step: at }];
      return [];
    }

    const tell = (count: number, atMs: number): readonly ReadMark[] => {
      if (count <= told) return [];
      told = count;
      return [readMark('epoch', epochsBefore + count, { atMs, step: stepDone() })];
    };

    /** Null before its bar was seen. */
    const stepDone = (): number | null => (step === 0 ? null : stepsBefore + step);

    function beginAnew(): void {
      stepsBefore += step;
      epochsBefore += told;
      step = 0;
      told = 0;
      total = null;
      stepsPerEpoch = null;
    }

    function readDictionary(values: ReadonlyMap<string, number>, atMs: number): readonly ReadMark[] {
      const epoch = values.get('epoch') ?? 0;
      const before = [...tellEnded(stepDone()), ...(first === null ? [] : release(epoch))];
      if (values.has('loss')) {
        if (epoch < lastEpoch / 2) beginAnew();
        first ??= epoch;
        lastEpoch = epoch;
      }
      const at = { atMs, step: stepDone(), epoch: epochsBefore + epoch };
      const marks: ReadMark[] = [];
      for (const name of ['loss', 'eval_loss', 'train_loss']) {
        const value = values.get(name);
        if (value !== undefined) marks.push(readMark(name, value, at));
      }
      const tokens = values.get('num_input_tokens_seen') ?? values.get('num_tokens');
      if (tokens !== undefined) marks.push(readMark('tokens', tokens, at));
      ended = tell(Math.floor(epoch + 1e-6), atMs)[0] ?? null;
      return [...before, ...marks];
    }

    return {
      read({ text, atMs }) {
        const found = text.includes("'epoch'") ? dictionary.exec(text) : null;
        if (found !== null) {
          const values = new Map<string, number>();
          for (const match of (found[1] ?? '').matchAll(pair)) {
            const value = numberOf(match[2]);
            if (value !== null) values.set(match[1] ?? '', value);
          }
          return values.has('epoch') ? readDictionary(values, atMs) : null;
        }
        return null;
      },
      // Its own reader counts the steps: here they say where a dictionary stands, and when an epoch is over that none was printed for.
      watch({ text, atMs }) {
        const bar = parseBar(text);
        if (bar === null || bar.label !== '' || bar.total === null) return [];
        total ??= bar.total;
        if (bar.total !== total || bar.done < step) return [];
        step = bar.done;
        const before = tellEnded(stepDone());
        const isOver = stepsPerEpoch !== null && told > 0 && step >= (told + 1) * stepsPerEpoch;
        return isOver ? [...before, ...tell(told + 1, atMs)] : before;
      },
      finish: () => [...tellEnded(stepDone()), ...release(Number.POSITIVE_INFINITY)],
    };
  },
};
