import { type OutputReader, type ReadMark, readMark } from '../reader.ts';
import { type Bar, parseBar } from './bar.ts';
import { isLateRank, type PassSeen } from './late-rank.ts';
import { createResumedBar } from './resumed-bar.ts';

/** Bars that are no training: files, data sets, weights, and what is only looked at. */
const otherBars =
  /\b(?:download\w*|upload\w*|fetch\w*|load(?:ing)?|map|filter\w*|tokeniz\w*|preproc\w*|generat(?:e|ing|ion)|sampl(?:es?|ing)|eval\w*|valid\w*|val|test(?:ing)?|predict\w*|infer\w*|sanity|saving|resolv\w*|extract\w*|checkpoints?|shards?|compil\w*|warm.?up|cach(?:e|ing))\b/i;
const trainingBar = /^\W{0,3}train/i;
/** What an epoch's bar says of others: `Epoch 1 (best val 0.12)`. */
const metrics = /\b\w{1,20}(?:[ _](?:loss|acc\w*))?[ =:]{1,3}\d{0,9}\.\d/g;

const isOther = ({ label }: Bar): boolean =>
  !trainingBar.test(label) && otherBars.test(/^\W{0,3}epoch/i.test(label) ? label.replace(metrics, '') : label);

const samplesUnit = /^[kMGT]?(?:samples?|examples?|img|imgs|images?|seqs?|sequences?|docs?)$/i;
const tokensUnit = /^[kMGT]?tok(?:en)?s?$/i;
const epochNumber = /\bepochs?\s*[:#=]?\s*\[?\s*(\d+)/i;
const epochWord = /\bepochs?\b/i;

interface Passes {
  key: string;
  label: string;
  kind: 'step' | 'samples' | 'tokens';
  /** Steps of passes before this one. */
  stepsBefore: number;
  before: PassSeen['before'];
  done: number;
  states: number;
  elapsedSeconds: number | null;
  total: number | null;
  passes: number;
  epoch: number | null;
  doneAtMs: number | null;
}

const kindOf = ({ unit }: Bar): Passes['kind'] =>
  samplesUnit.test(unit) ? 'samples' : tokensUnit.test(unit) ? 'tokens' : 'step';

const labelOf = (bar: Bar): string => bar.label.replace(/\d+(?:\.\d+)?/g, '#');
const keyOf = (bar: Bar): string => `${labelOf(bar)}/${bar.total}`;

/**
 * tqdm's bars, Lightning's among them, and those that it draws with rich. A bar counts steps, unless its unit or its plural name is epochs, or another bar begins within it before it has moved:
 * then it counts epochs and the inner one steps. One bar pass after pass is an epoch a pass.
 */
export const tqdmReader: OutputReader = {
  id: 'tqdm',
  create() {
    let main: Passes | null = null;
    let outer: { readonly key: string; done: number } | null = null;
    let firstEpoch: number | null = null;
    let epochsTold = 0;
    /** Of trainings before this one, and what this one named first. */
    let epochsBefore = 0;
    let beginEpoch: number | null = null;
    const start = createResumedBar();

    function tellEpochs(count: number, atMs: number, step: number | null): readonly ReadMark[] {
      if (count <= epochsTold) return [];
      epochsTold = count;
      return [readMark('epoch', count, { atMs, step })];
    }

    function begin(bar: Bar, pass: Passes | null, passes: number): Passes {
      const epoch = epochOf(bar);
      beginEpoch ??= epoch;
      if (epoch !== null) firstEpoch ??= bar.kind === 'rich' ? 0 : Math.min(1, epoch);
      return {
        key: keyOf(bar),
        label: labelOf(bar),
        kind: kindOf(bar),
        stepsBefore: pass === null ? unseenSteps(bar) : pass.stepsBefore + pass.done,
        before: passes > 1 ? pass : null,
        done: bar.done,
        states: 0,
        elapsedSeconds: null,
        total: bar.total,
        passes,
        epoch,
        doneAtMs: null,
      };
    }

    /** What the end of a pass says of epochs. */
    function endOfPass(pass: Passes, atMs: number, isCertain: boolean): readonly ReadMark[] {
      const step = pass.kind === 'step' ? pass.stepsBefore + pass.done : null;
      if (pass.epoch !== null)
        return tellEpochs(epochsBefore + pass.epoch - (firstEpoch ?? pass.epoch) + 1, atMs, step);
      if (outer !== null || (!isCertain && pass.passes === 1)) return [];
      return tellEpochs(pass.passes, atMs, step);
    }

    function readEpochs(bar: Bar, atMs: number): readonly ReadMark[] {
      // Where one begins at a later epoch nothing was done here before it.
      const step =
        main === null ? (epochsTold === 0 ? 0 : null) : main.kind === 'step' ? main.stepsBefore + main.done : null;
      return [
        ...(bar.done === 0 && main === null ? [readMark('epoch', 0, { atMs })] : []),
        ...tellEpochs(bar.done, atMs, step),
      ];
    }

    function readSteps(bar: Bar, atMs: number): readonly ReadMark[] {
      const marks: ReadMark[] = [];
      const key = keyOf(bar);
      if (main === null) {
        main = begin(bar, null, 1);
        // The first that is seen is a later one: a training that was resumed.
        const before = (main.epoch ?? 0) - (firstEpoch ?? 0);
        if (before > 0 && bar.done !== bar.total) marks.push(...tellEpochs(before, atMs, 0));
      } else if (main.key !== key) {
        const isOver = main.total === null || main.done >= main.total;
        const isNested = !isOver && outer === null && main.done === 0 && main.passes === 1 && bar.total !== null;
        if (isNested) {
          // The first one has not moved: it counts what this one is a part of.
          outer = { key: main.key, done: 0 };
          main = begin(bar, null, 1);
        } else if (isOver && bar.done === 0 && main.passes === 1 && (bar.total ?? 0) > (main.total ?? 0)) {
          // Preparations were first.
          main = begin(bar, main, 1);
        } else if (isOver && isNextEpoch(bar, main)) {
          marks.push(...endOfPass(main, main.doneAtMs ?? atMs, true));
          main = begin(bar, main, main.passes + 1);
        } else return [];
      } else if (isEarlier(bar, main)) {
        // Nobody is a whole epoch behind: another training begins.
        const isAnew = epochOf(bar) === beginEpoch && bar.done === 0 && main.doneAtMs !== null;
        if (!isAnew) return [];
        epochsBefore = epochsTold;
        main = begin(bar, main, main.passes + 1);
      } else if (epochOf(bar) === null && isLateRank(bar.done, main, bar.elapsedSeconds)) return [];
      else if (isNextPass(bar, main)) {
        // Drawn ten times a second, it may leave out its last state; the next epoch has begun.
        if (bar.kind === 'rich') main.done = Math.max(main.done, main.total ?? 0);
        marks.push(...endOfPass(main, main.doneAtMs ?? atMs, true));
        main = begin(bar, main, main.passes + 1);
      }
      main.done = Math.max(main.done, bar.done);
      main.states++;
      main.elapsedSeconds = bar.elapsedSeconds;
      const count = main.stepsBefore + main.done;
      const kind = kindOf(bar);
      const step = kind === 'step' ? count : null;
      marks.push(readMark(kind, count, { atMs }));
      for (const [name, value] of bar.values)
        if (/loss/i.test(name))
          marks.push(readMark(name === 'loss' ? 'loss' : name.slice(0, 40), value, { atMs, step }));
      if (bar.total !== null && bar.done >= bar.total && main.doneAtMs === null) {
        main.doneAtMs = atMs;
        marks.push(...endOfPass(main, atMs, false));
      }
      return main.passes === 1 ? start.push(marks, bar) : [...start.release(), ...marks];
    }

    return {
      read({ text, atMs }) {
        const bar = parseBar(text);
        if (bar === null) return null;
        if (/^[kMGT]?i?B$/.test(bar.unit) || isOther(bar)) return [];
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
      finish: () => start.release(),
    };
  },
};

const epochOf = (bar: Bar): number | null => {
  const found = epochNumber.exec(bar.label);
  return found === null ? null : Number(found[1]);
};

/** Into a file Lightning's bar is drawn once, in its last state. */
const unseenSteps = (bar: Bar): number =>
  bar.kind === 'rich' && bar.done === bar.total ? (epochOf(bar) ?? 0) * bar.done : 0;

/** Another rank is still at the epoch before. */
const isEarlier = (bar: Bar, main: Passes): boolean => (epochOf(bar) ?? 0) < (main.epoch ?? 0);

/** Epochs may be of different lengths. */
const isNextEpoch = (bar: Bar, main: Passes): boolean =>
  labelOf(bar) === main.label && main.epoch !== null && (epochOf(bar) ?? 0) > main.epoch;

/** How far a bar of the next pass has come when it is first seen; one that has come further is another rank's, which is a little behind. */
const freshRatio = 0.1;

function isNextPass(bar: Bar, main: Passes): boolean {
  const epoch = epochOf(bar);
  if (epoch !== null && main.epoch !== null) return epoch > main.epoch;
  // Of a pass that has not come far another rank may begin only now.
  if (main.total === null) return bar.done < main.done / 2 && main.done > (main.before?.done ?? 0) / 2;
  return main.done >= main.total && bar.done < main.done && bar.done <= Math.max(1, main.total * freshRatio);
}
