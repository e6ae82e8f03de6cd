import { numberOf, type OutputLine, type OutputReader, type ReadMark, readMark } from '../reader.ts';

/** Never more than a few blanks between two parts: a line of blanks must not be tried in every way. */
const number = '([-+]?\\d(?:[\\d,]*\\d)?(?:\\.\\d+)?(?:e[-+]?\\d+)?)';
const stepWord = new RegExp(
  `\\b(?:global[_ ]?)?(?:steps?|iters?|iterations?)['"]?\\s{0,4}[:=#]?\\s{0,4}\\[?\\s{0,4}${number}`,
  'i',
);
const epochWord = /\bepochs?(?:\(train\))?['"]?\s{0,4}[:=#]?\s{0,4}[[(]?\s{0,4}(\d+)(?:\s{0,4}(?:\/|of)\s{0,4}(\d+))?/i;
const lossWord = new RegExp(`\\bloss['"]?\\s{0,4}[:=]?\\s{0,4}${number}`, 'i');
const tokensWord = new RegExp(
  `\\b(?:total_|num_|n_|train_)?tokens(?:_seen)?['"]?\\s{0,4}[:=]\\s{0,4}${number}(?![\\w/])`,
  'i',
);
const samplesWord = new RegExp(
  `\\b(?:total_|num_|n_)?samples(?:_seen)?['"]?\\s{0,4}[:=]\\s{0,12}${number}(?![\\w/])`,
  'i',
);
/** What stands right before a word that is no training's: `[eval] step 3`, `Validation: step 3`, `val loss 0.3`. */
const evaluation =
  /(?:^|[^A-Za-z])(?:eval|evaluat\w{1,6}|val|valid|validat\w{1,6}|test|testing|dev|predict\w{0,6}|inference|sanity)[\s\])}:|,>-]{0,8}$/i;
/** Before one that is a setting: `total steps: 5000`, `steps per epoch = 40`. */
const setting = /\b(?:total|max|maximum|min|num|number of|warm-?up|save|log|logging|per|every|of)[\s_-]{1,4}$/i;
const plural = /^\w{0,8}?(?:steps|iters|iterations|epochs)\b/i;
const lookedBack = 40;

/** Null where what stands before it says that it is something else, and where it is a setting: `epochs=90`, `steps: 1000` with nothing beside. */
function trainingOf(found: RegExpExecArray | null, text: string, isBeside: boolean): RegExpExecArray | null {
  if (found === null) return null;
  const before = text.slice(Math.max(0, found.index - lookedBack), found.index);
  if (evaluation.test(before) || setting.test(before)) return null;
  return isBeside || !plural.test(found[0]) ? found : null;
}

/** `Train Epoch: 1 [640/60000 (1%)]`, `Epoch: [0][ 10/391]`: somewhere within an epoch. */
const within = /\[\s{0,4}\d+\s{0,4}\/\s{0,4}\d+/;

/** Lines such as `epoch=3 step=120 loss=0.5`. An epoch of which several lines are printed is over with the next one; one with a single line and a loss, with that line. */
export const genericReader: OutputReader = {
  id: 'generic',
  create() {
    let epoch: number | null = null;
    let first: number | null = null;
    let told = 0;
    let lastMs = 0;
    let step: number | null = null;
    /** Its lines stand at the beginning of an epoch, or within it: then it is over only when the next one is named. */
    let isOpen = false;

    const tell = (count: number, atMs: number, at: number | null = step): readonly ReadMark[] => {
      if (count <= told) return [];
      told = count;
      return [readMark('epoch', count, { atMs, step: at })];
    };

    function readEpoch(
      { text, atMs }: OutputLine,
      match: RegExpExecArray,
      stepBefore: number | null,
    ): readonly ReadMark[] {
      const named = Number(match[1]);
      // A run that is resumed names a later one first; data sets and dates are no epochs.
      first ??= named > 1 ? 1 : named;
      const marks: ReadMark[] = [];
      const isWithin = within.test(text) || stepWord.test(text);
      if (epoch === null || named > epoch) {
        if (epoch !== null && isOpen) marks.push(...tell(named - first, isWithin ? lastMs : atMs, stepBefore));
        epoch = named;
        isOpen = isWithin || !lossWord.test(text);
      }
      if (!isOpen && named === epoch) marks.push(...tell(named - first + 1, atMs));
      lastMs = atMs;
      return marks;
    }

    return {
      read({ text, atMs }) {
        const loss = trainingOf(lossWord.exec(text), text, true);
        const stepSaid = stepWord.exec(text);
        const epochSaid = epochWord.exec(text);
        const steps = trainingOf(stepSaid, text, loss !== null);
        const epochs = trainingOf(epochSaid, text, epochSaid?.[2] !== undefined);
        // What an evaluation says beside its own steps is its own too.
        if (steps === null && epochs === null && (stepSaid !== null || epochSaid !== null)) return null;
        const tokens = tokensWord.exec(text);
        const samples = samplesWord.exec(text);
        if (steps === null && epochs === null && tokens === null && samples === null) {
          if (isOpen) lastMs = atMs;
          return null;
        }
        const marks: ReadMark[] = [];
        const stepBefore = step;
        const count = steps === null ? null : numberOf(steps[1]);
        if (count !== null && Number.isInteger(count) && count >= 0) {
          step = count;
          marks.push(readMark('step', count, { atMs }));
        }
        if (epochs !== null) marks.push(...readEpoch({ text, atMs }, epochs, stepBefore));
        for (const [kind, found] of [
          ['loss', stepSaid !== null && steps === null ? null : loss],
          ['tokens', tokens],
          ['samples', samples],
        ] as const) {
          const value = numberOf(found?.[1]);
          if (value !== null) marks.push(readMark(kind, value, { atMs, step: count, epoch }));
        }
        return marks;
      },
      finish: (atMs) =>
        epoch !== null && isOpen && first !== null ? tell(epoch - first + 1, Math.min(atMs, lastMs || atMs)) : [],
    };
  },
};
