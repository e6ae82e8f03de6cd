import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import type { Timeline } from '../clock/timeline.ts';
import type { GapRecord, RunRecord } from '../store/records.ts';

/** Of Unix time. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Broken {
  readonly startedMs: number;
  readonly breaks: readonly Span[];
}

export const overlapOf = (a: Span, b: Span): Span => ({
  fromMs: Math.max(a.fromMs, b.fromMs),
  toMs: Math.min(a.toMs, b.toMs),
});

/** In order, without what is empty. */
export function unionOf(spans: readonly Span[]): readonly Span[] {
  const union: Span[] = [];
  for (const span of spans.filter(({ fromMs, toMs }) => toMs > fromMs).sort((a, b) => a.fromMs - b.fromMs)) {
    const last = union.at(-1);
    if (last === undefined || span.fromMs > last.toMs) union.push(span);
    else union[union.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) };
  }
  return union;
}

/** What lies before, between and after `others`, which are a union. */
export function without(span: Span, others: readonly Span[]): readonly Span[] {
  const edges = [span.fromMs, ...others.flatMap(({ fromMs, toMs }) => [fromMs, toMs]), span.toMs];
  const between = Array.from({ length: edges.length / 2 }, (_, i): Span => {
    const [fromMs = span.toMs, toMs = span.toMs] = edges.slice(2 * i, 2 * i + 2);
    return overlapOf(span, { fromMs, toMs });
  });
  return between.filter(({ fromMs, toMs }) => toMs > fromMs);
}

/** When a run was on, up to `untilMs`: all of its time, but for what lay between the runs that it was merged from. */
export const spansOn = ({ startedMs, breaks }: Broken, untilMs: number): readonly Span[] =>
  without({ fromMs: startedMs, toMs: untilMs }, breaks);

const secondsOf = (spans: readonly Span[]): number =>
  spans.reduce((sum, { fromMs, toMs }) => sum + secondsFromMs(Math.max(0, toMs - fromMs)), 0);

/** Of a span, or of all, the time in which the run was not on. */
export const breakSeconds = ({ breaks }: Pick<Broken, 'breaks'>, within?: Span): number =>
  secondsOf(within === undefined ? breaks : breaks.map((one) => overlapOf(one, within)));

/** Unix time of a run's last reading: its end, or how far it has come. */
export const lastMsOf = (record: Broken & Pick<RunRecord, 'endedMs' | 'durationSeconds'>): number =>
  record.endedMs ?? record.startedMs + msFromSeconds(record.durationSeconds + breakSeconds(record));

/** On the monotonic clock, where a run that is on began: as much later as it was not on in between, so that the time since then is its duration. */
export const beganMs = (record: Broken, timeline: Pick<Timeline, 'monotonicFromUnix'>): number =>
  timeline.monotonicFromUnix(record.startedMs) + msFromSeconds(breakSeconds(record));

/** What was missed of a run: nothing while it was not on. */
export const gapsWhileOn = (gaps: readonly GapRecord[], { breaks }: Pick<Broken, 'breaks'>): readonly GapRecord[] =>
  breaks.length === 0 ? gaps : gaps.flatMap((gap) => without(gap, breaks).map((part) => ({ ...gap, ...part })));
