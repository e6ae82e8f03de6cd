import type { Counted, Epoch, MarkedWindow, Progress } from '../../shared/model/progress.ts';
import { isoFromUnixMs } from '../../shared/units.ts';
import type { MarkRecord } from '../store/records.ts';
import { type CountMoment, type CountSeries, countAt, countSeries, momentOf } from './count-series.ts';
import { endOf, type Moment, type ProgressInput, startOf, sumStretches } from './moment.ts';

export interface RunProgressReport {
  readonly progress: Progress;
  readonly epochs: Epoch[];
  readonly windows: MarkedWindow[];
}

/** Energy by epoch, step, sample, token and window, from a run's marks. `toMs`: its end, or how far it has come. Pure. */
export function runProgress(input: ProgressInput, toMs: number): RunProgressReport {
  const steps = countSeries(input.marks, 'step');
  const epochs = countSeries(input.marks, 'epoch');
  const begin = beginOf(input, steps, epochs);
  const counted = (series: CountSeries | null): Counted | null => countedOf(input, series, begin);
  return {
    progress: {
      steps: counted(steps),
      epochs: counted(wholeEpochs(epochs)),
      samples: counted(countSeries(input.marks, 'samples')),
      tokens: counted(countSeries(input.marks, 'tokens')),
    },
    epochs: epochsOf(input, { epochs: wholeEpochs(epochs), steps, begin, end: endOf(input, toMs) }),
    windows: windowsOf(input),
  };
}

/** Where the training begins: at a mark that says so (0 of anything done), else with the run. */
function beginOf(input: ProgressInput, ...series: readonly (CountSeries | null)[]): Moment {
  const zeros = series.flatMap((one) => {
    const first = one?.counts[0];
    return first !== undefined && first.value === 0 ? [first] : [];
  });
  return (
    zeros.reduce<Moment | null>((least, one) => (least === null || one.atMs < least.atMs ? one : least), null) ??
    startOf(input)
  );
}

/** Marks at which another epoch was done: a fraction of one is none. */
function wholeEpochs(series: CountSeries | null): CountSeries | null {
  if (series === null) return null;
  let done = Number.NEGATIVE_INFINITY;
  const counts = series.counts.flatMap((count): readonly CountMoment[] => {
    const value = Math.floor(count.value + 1e-6);
    if (value <= done) return [];
    done = value;
    return [{ ...count, value }];
  });
  const isWhole = counts.some((count) => count.value > 0);
  return isWhole ? { ...series, counts, base: Math.floor(series.base + 1e-6) } : null;
}

/** The mark at which a resumed training goes on; undefined where the first one is of what was done here. */
const firstIfBase = ({ base, counts }: CountSeries): CountMoment | undefined =>
  base > 0 && (counts[0]?.value ?? 0) <= base ? counts[0] : undefined;

function countedOf(input: ProgressInput, series: CountSeries | null, begin: Moment): Counted | null {
  const last = series?.counts.at(-1);
  if (series === null || last === undefined || last.value <= 0) return null;
  const resumed = firstIfBase(series);
  const count = last.value - series.base;
  const { joules, lowJoules, highJoules, isShort } = sumStretches(input, [[resumed ?? begin, last]]);
  const each = (sum: number | null): number | null => (sum === null || count <= 0 ? null : sum / count);
  return {
    count,
    joulesEach: each(joules),
    lowJoulesEach: each(lowJoules),
    highJoulesEach: each(highJoules),
    isShort,
    source: series.source,
  };
}

interface EpochParts {
  readonly epochs: CountSeries | null;
  readonly steps: CountSeries | null;
  readonly begin: Moment;
  readonly end: Moment;
}

/** The run cut at the ends of its epochs; what lies before the first and after the last is named too, so that nothing of the run is missing. */
function epochsOf(input: ProgressInput, { epochs, steps, begin, end }: EpochParts): Epoch[] {
  if (epochs === null) return [];
  const start = startOf(input);
  const done = epochs.counts
    .filter((count) => count.value > epochs.base || epochs.base === 0)
    .filter(({ value }) => value > 0);
  const first = firstIfBase(epochs) ?? begin;
  const cuts = [first, ...done];
  const made: Epoch[] = [];
  const add = (from: Moment, to: Moment, what: Pick<Epoch, 'index' | 'isDone'>): void => {
    if (to.atMs <= from.atMs && (to.joules ?? 0) <= (from.joules ?? 0)) return;
    const { joules, lowJoules, highJoules, coverage, seconds, isShort } = sumStretches(input, [[from, to]]);
    const counts = [stepAt(from, steps), stepAt(to, steps)];
    made.push({
      ...what,
      from: isoFromUnixMs(from.atMs),
      to: isoFromUnixMs(to.atMs),
      seconds,
      joules,
      lowJoules,
      highJoules,
      coverage,
      steps: what.index === null || counts[1] == null ? null : counts[1] - (counts[0] ?? 0),
      isShort,
    });
  };
  if (first.atMs > start.atMs) add(start, first, { index: null, isDone: true });
  for (const [i, to] of done.entries()) {
    const from = cuts[i];
    if (from !== undefined) add(from, to, { index: to.value, isDone: true });
  }
  const last = cuts.at(-1);
  const lastDone = done.at(-1)?.value ?? epochs.base;
  if (last !== undefined && end.atMs > last.atMs) {
    const isUnderWay =
      input.record.status === 'running' || (countAt(steps, end.atMs) ?? 0) > (stepAt(last, steps) ?? 0);
    add(last, end, { index: isUnderWay ? lastDone + 1 : null, isDone: !isUnderWay });
  }
  return made;
}

/** What a mark says is of its pass: it is no more the whole once the count began anew. */
function stepAt(moment: Moment & { readonly step?: number | null }, steps: CountSeries | null): number | null {
  const anewMs = steps?.anewMs[0] ?? Number.POSITIVE_INFINITY;
  return moment.step != null && moment.atMs < anewMs
    ? Math.max(moment.step, steps?.base ?? 0)
    : countAt(steps, moment.atMs);
}

function windowsOf(input: ProgressInput): MarkedWindow[] {
  const open = new Map<string, MarkRecord[]>();
  const closed = new Map<string, (readonly [Moment, Moment])[]>();
  for (const mark of input.marks) {
    const key = mark.windowId ?? mark.label;
    if (mark.kind === 'window-begin') open.set(key, [...(open.get(key) ?? []), mark]);
    if (mark.kind !== 'window-end') continue;
    const begin = open.get(key)?.pop();
    if (begin === undefined) continue;
    const name = begin.label === '' ? mark.label : begin.label;
    closed.set(name, [...(closed.get(name) ?? []), [momentOf(begin), momentOf(mark)]]);
  }
  return [...closed].map(([name, stretches]) => {
    const { seconds, joules, lowJoules, highJoules, isShort } = sumStretches(input, stretches);
    return { name, count: stretches.length, seconds, joules, lowJoules, highJoules, isShort };
  });
}
