import { numberOf } from '../reader.ts';

/** Never more than a few blanks between two parts: a line of blanks must not be tried in every way. */
const number = '([-+]?\\d(?:[\\d,_]*\\d)?(?:\\.\\d+)?(?:e[-+]?\\d+)?(?:[kKMGTB](?![\\w/]))?)';
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
/** What stands right before a word that is no training's: `[eval] step 3`, `Validation: step 3`, `val loss 0.3`, `[Evaluation] [100/500] iter 100`. */
const evaluation =
  /(?:^|[^A-Za-z])(?:eval|evaluat\w{1,6}|val|valid|validat\w{1,6}|test|testing|dev|predict\w{0,6}|inference|sanity)[\s\])}:|,>-]{0,8}(?:\[\d{1,9}\/\d{1,9}\]\s{0,4})?$/i;
/** Before one that says where weights were written or come from: `Saved model at step 105`. */
const stored =
  /\b(?:sav(?:e|ed|ing)|stor(?:ed|ing)|load(?:ed|ing)|restor(?:ed|ing)|resum(?:e|ed|ing)|checkpoint)\b[^|;]{0,32}$/i;
/** Before one that is a setting: `total steps: 5000`, `steps per epoch = 40`. */
const setting = /\b(?:total|max|maximum|min|num|number of|warm-?up|save|log|logging|per|every|of)[\s_-]{1,4}$/i;
const plural = /^\w{0,8}?(?:steps|iters|iterations|epochs)\b/i;
const lookedBack = 40;

/** Null where what stands before it says that it is something else, and where it is a setting: `epochs=90`, `steps: 1000` with nothing beside. */
function trainingOf(found: RegExpExecArray | null, text: string, isBeside: boolean): RegExpExecArray | null {
  if (found === null) return null;
  const before = text.slice(Math.max(0, found.index - lookedBack), found.index);
  if (evaluation.test(before) || setting.test(before) || stored.test(before)) return null;
  return isBeside || !plural.test(found[0]) ? found : null;
}

/** A metric beside a count: one that trainings have by its name, any other by how it is set off: `lr 1e-3`, `skipped=0`, `reward: 1.5`. */
const known = new RegExp(
  `(?:loss|lr|learning[_ ]rate|acc(?:uracy)?|grad[_ ]norm|ppl|perplexity|reward|mfu|tps|tok/s|it/s)['"]?\\s{0,4}[:=]?\\s{0,4}\\[?(?:tensor\\()?(?:${number}|nan|inf)`,
  'i',
);
const setOff =
  /(?<!\w)(?!(?:global[_ ]?)?(?:steps?|iters?|iterations?|epochs?)\b|(?:\w{0,20}_)?(?:tokens|samples)(?:_seen)?\b)[A-Za-z][\w/-]{0,40}['"]?(?:=\s{0,4}|\s{0,4}=\s|\s{0,4}:\s{1,4})\[?[-+]?\d/i;
/** Docker's: `Step 3/12 : RUN pip install`. */
const builds = /^\s{0,8}Step \d{1,4}\/\d{1,4} : [A-Z]/;

/** `Train Epoch: 1 [640/60000 (1%)]`, `Epoch: [0][ 10/391]`: somewhere within an epoch. */
const within = /\[\s{0,4}\d+\s{0,4}\/\s{0,4}\d+/;

/** What a line says of a training's counts. */
export interface CountsSaid {
  readonly step: number | null;
  readonly epoch: number | null;
  readonly tokens: number | null;
  readonly samples: number | null;
  readonly loss: number | null;
  /** It has a metric beside them, or says of how many: it is a training's. */
  readonly isSure: boolean;
}

/** Null of a line that says none; 'others': it says an evaluation's, a setting or a checkpoint's. */
export function countsSaid(text: string): CountsSaid | 'others' | null {
  const loss = trainingOf(lossWord.exec(text), text, true);
  const stepSaid = stepWord.exec(text);
  const epochSaid = epochWord.exec(text);
  const steps = trainingOf(stepSaid, text, loss !== null);
  const epochs = trainingOf(epochSaid, text, epochSaid?.[2] !== undefined);
  // What an evaluation says beside its own steps is its own too.
  if ((steps === null && epochs === null && (stepSaid !== null || epochSaid !== null)) || builds.test(text))
    return 'others';
  const tokens = numberOf(tokensWord.exec(text)?.[1]);
  const samples = numberOf(samplesWord.exec(text)?.[1]);
  if (steps === null && epochs === null && tokens === null && samples === null) return null;
  const step = numberOf(steps?.[1]);
  const isBeside = (steps !== null || epochs !== null) && (tokens !== null || samples !== null);
  return {
    step: step !== null && Number.isInteger(step) && step >= 0 ? step : null,
    epoch: numberOf(epochs?.[1]),
    tokens,
    samples,
    loss: stepSaid !== null && steps === null ? null : numberOf(loss?.[1]),
    isSure: isBeside || epochs?.[2] !== undefined || known.test(text) || setOff.test(text),
  };
}

/** Somewhere within an epoch: its lines name a step, or how far they are. */
export const isWithinEpoch = (text: string): boolean => within.test(text) || stepWord.test(text);

export const saysLoss = (text: string): boolean => lossWord.test(text);
