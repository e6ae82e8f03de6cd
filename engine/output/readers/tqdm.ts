import { type OutputReader, type ReadMark, readMark } from '../reader.ts';
import { type Bar, parseBar } from './bar.ts';

/** Bars that are no training: files, data sets, weights, and what is only looked at. */
const otherBars =
  /download|upload|fetch|load(?:ing)?\b|map\b|filter|tokeniz|preproc|generat|sampl|eval|valid|\bval\b|test|predict|infer|sanity|saving|resolv|extract|checkpoint|shard|compil|warm.?up|cach/i;
const epochNumber = /\bepochs?\s*[:#=]?\s*\[?\s*(\d+)/i;
const epochWord = /\bepochs?\b/i;

interface Passes {
  key: string;
  /** Steps of passes before this one. */
  before: number;
  done: number;
  total: number | null;
  passes: number;
  epoch: number | null;
  doneAtMs: number | null;
}

const keyOf = (bar: Bar): string => `${bar.label.replace(/\d+/g, '#')}/${bar.total}`;

/**
 * tqdm's bars, Lightning's among them. A bar counts steps, unless its unit or its plural name is epochs, or another bar begins within it before it has moved:
 * then it counts epochs and the inner one steps. One bar pass after pass is an epoch a pass.
 */
export const tqdmReader: OutputReader = {
  id: 'tqdm',
  create() {
    let main: Passes | null = null;
    let outer: { readonly key: string; done: number } | null = null;
    let firstEpoch: number | null = null;
    let epochsTold = 0;

    function tellEpochs(count: number, atMs: number, step: number | null): readonly ReadMark[] {
      if (count <= epochsTold) return [];
      epochsTold = count;
      return [readMark('epoch', count, { atMs, step })];
    }

    function begin(bar: Bar, before: number, passes: number): Passes {
      const epoch = epochOf(bar);
      if (epoch !== null) firstEpoch ??= epoch > 1 ? 1 : epoch;
      return { key: keyOf(bar), before, done: bar.done, total: bar.total, passes, epoch, doneAtMs: null };
    }

    /** What the end of a pass says of epochs. */
    function endOfPass(pass: Passes, atMs: number, isCertain: boolean): readonly ReadMark[] {
      const step = pass.before + pass.done;
      if (pass.epoch !== null) return tellEpochs(pass.epoch - (firstEpoch ?? pass.epoch) + 1, atMs, step);
      if (outer !== null || (!isCertain && pass.passes === 1)) return [];
      return tellEpochs(pass.passes, atMs, step);
    }

    function readEpochs(bar: Bar, atMs: number): readonly ReadMark[] {
      const step = main === null ? null : main.before + main.done;
      return [
        ...(bar.done === 0 && main === null ? [readMark('epoch', 0, { atMs })] : []),
        ...tellEpochs(bar.done, atMs, step),
      ];
    }

    function readSteps(bar: Bar, atMs: number): readonly ReadMark[] {
      const marks: ReadMark[] = [];
      const key = keyOf(bar);
      if (main === null) main = begin(bar, 0, 1);
      else if (main.key !== key) {
        const isOver = main.total === null || main.done >= main.total;
        const isNested = !isOver && outer === null && main.done === 0 && main.passes === 1 && bar.total !== null;
        if (isNested) {
          // The first one has not moved: it counts what this one is a part of.
          outer = { key: main.key, done: 0 };
          main = begin(bar, 0, 1);
        } else if (isOver && bar.done === 0 && main.passes === 1 && (bar.total ?? 0) > (main.total ?? 0)) {
          // Preparations were first.
          main = begin(bar, main.before + main.done, 1);
        } else return [];
      } else if (isEarlier(bar, main)) return [];
      else if (isNextPass(bar, main)) {
        marks.push(...endOfPass(main, main.doneAtMs ?? atMs, true));
        main = begin(bar, main.before + main.done, main.passes + 1);
      }
      main.done = Math.max(main.done, bar.done);
      const step = main.before + main.done;
      marks.push(readMark('step', step, { atMs }));
      for (const [name, value] of bar.values)
        if (/loss/i.test(name))
          marks.push(readMark(name === 'loss' ? 'loss' : name.slice(0, 40), value, { atMs, step }));
      if (bar.total !== null && bar.done >= bar.total && main.doneAtMs === null) {
        main.doneAtMs = atMs;
        marks.push(...endOfPass(main, atMs, false));
      }
      return marks;
    }

    return {
      read({ text, atMs }) {
        const bar = parseBar(text);
        if (bar === null) return null;
        if (/^[kMGT]?i?B$/.test(bar.unit) || otherBars.test(bar.label)) return [];
        if (outer !== null && keyOf(bar) === outer.key) {
          outer.done = bar.done;
          return readEpochs(bar, atMs);
        }
        const countsEpochs =
          /^epochs?$/i.test(bar.unit) ||
          (epochWord.test(bar.label) && !epochNumber.test(bar.label) && /epochs/i.test(bar.label));
        if (countsEpochs) {
          outer ??= { key: keyOf(bar), done: bar.done };
          return readEpochs(bar, atMs);
        }
        return readSteps(bar, atMs);
      },
      finish: () => [],
    };
  },
};

const epochOf = (bar: Bar): number | null => {
  const found = epochNumber.exec(bar.label);
  return found === null ? null : Number(found[1]);
};

/** Another rank is still at the epoch before. */
const isEarlier = (bar: Bar, main: Passes): boolean => (epochOf(bar) ?? 0) < (main.epoch ?? 0);

/** How far a bar of the next pass has come when it is first seen; one that has come further is another rank's, which is a little behind. */
const freshRatio = 0.1;

function isNextPass(bar: Bar, main: Passes): boolean {
  const epoch = epochOf(bar);
  if (epoch !== null && main.epoch !== null) return epoch > main.epoch;
  if (main.total === null) return bar.done < main.done / 2;
  return main.done >= main.total && bar.done < main.done && bar.done <= Math.max(1, main.total * freshRatio);
}
