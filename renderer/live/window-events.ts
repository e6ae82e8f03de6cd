import type { History } from '../../shared/model/history.ts';
import type { LiveState } from '../../shared/model/live.ts';
import { msFromSeconds } from '../../shared/units.ts';
import type { ChartAlert, ChartGap, ChartMark } from '../charts/chart-model.ts';
import { nullSpans } from '../charts/columns.ts';
import { markLabel } from '../charts/mark-label.ts';
import { type SeriesColor, seriesColor, seriesWordColor } from '../design/series.ts';
import type { WindowColumns } from './history-columns.ts';
import { summedDevices, windowRuns } from './power-layers.ts';
import type { TimeRange } from './time-window.ts';

interface EventInputs {
  readonly history: History | null;
  readonly columns: WindowColumns | null;
  /** The series whose holes are the chart's gaps. */
  readonly machineKey: string;
  readonly range: TimeRange;
  readonly live: LiveState;
}

export interface WindowMark extends ChartMark {
  /** Whose it is, where the window holds several runs. */
  readonly run?: { readonly id: string; readonly name: string; readonly color: SeriesColor };
}

export interface WindowEvents {
  readonly gaps: readonly ChartGap[];
  readonly alerts: readonly ChartAlert[];
  readonly marks: readonly WindowMark[];
}

/** Of many marks (each step of a training) only so many can be drawn and read. */
const mostMarks = 12;

/** What is drawn across the plot: stretches that nobody read, alerts that fired, epochs. */
export function windowEvents({ history, columns, machineKey, range, live }: EventInputs): WindowEvents {
  if (history === null || columns === null) return { gaps: [], alerts: [], marks: [] };
  const machine = columns.byKey.get(machineKey)?.mean ?? [];
  const spans = nullSpans(columns.timesMs, machine).filter(
    (span) => span.toMs > range.fromMs && span.fromMs < range.toMs,
  );
  const lastMs = columns.timesMs.findLast((_, index) => (machine[index] ?? null) !== null);
  const isBehind =
    lastMs !== undefined &&
    range.toMs - lastMs > msFromSeconds(3 * Math.max(columns.bucketSeconds, live.periodSeconds, 1));
  const gaps = spans.map((span) => exactGap(span, history));
  const isGrowing = isBehind && spans.every((span) => span.toMs <= lastMs);
  const whole = isGrowing ? [...gaps, { fromMs: lastMs, toMs: range.toMs }] : gaps;
  const known = new Set(history.alerts.map((alert) => alert.id));
  const fresh = live.alerts.filter((alert) => !known.has(alert.id));
  return {
    gaps: [...whole, ...partialGaps(history, { spans, range, live })],
    alerts: [...history.alerts, ...fresh].map((alert) => ({
      id: alert.id,
      label: alert.ruleName,
      level: alert.level,
      atMs: alert.firedAtMs,
    })),
    marks: marksOf(history, { range, live }),
  };
}

/** Epochs and notes while they are few; each says whose it is where that is a question. */
function marksOf(history: History, { range, live }: Pick<EventInputs, 'range' | 'live'>): readonly WindowMark[] {
  const marks = history.marks.filter((mark) => mark.kind !== 'step');
  if (marks.length > mostMarks) return [];
  const runs = windowRuns(history, live).filter(
    (run) => run.fromMs <= range.toMs && (run.toMs ?? range.toMs) >= range.fromMs,
  );
  return marks.map(({ runId, atMs, kind, label }) => {
    const mark = { atMs, label: markLabel(kind, label) };
    const run = runs.length > 1 ? runs.find(({ id }) => id === runId) : undefined;
    if (run === undefined) return mark;
    const color = seriesColor(run.colorIndex);
    return { ...mark, color: seriesWordColor(color), run: { id: run.id, name: run.name, color } };
  });
}

/** The span a bucket's width around the truth, narrowed to what history says of it, with the reason. */
function exactGap(span: TimeRange, history: History): ChartGap {
  const inside = history.gaps.filter((gap) => gap.fromMs < span.toMs && gap.toMs > span.fromMs);
  const reason = inside[0]?.reason;
  if (reason === undefined) return span;
  return {
    fromMs: Math.max(span.fromMs, Math.min(...inside.map((gap) => gap.fromMs))),
    toMs: Math.min(span.toMs, Math.max(...inside.map((gap) => gap.toMs))),
    reason,
  };
}

/** Times in which some devices were silent and others were not: the sum is then at least what it says. */
function partialGaps(
  history: History,
  { spans, range, live }: { spans: readonly TimeRange[]; range: TimeRange; live: LiveState },
): ChartGap[] {
  const lone = history.gaps
    .filter((gap) => gap.toMs > range.fromMs && gap.fromMs < range.toMs)
    .filter((gap) => !spans.some((span) => gap.fromMs < span.toMs && gap.toMs > span.fromMs));
  const groups = new Map<string, History['gaps']>();
  for (const gap of lone) {
    const key = `${gap.reason} ${gap.fromMs} ${gap.toMs}`;
    groups.set(key, [...(groups.get(key) ?? []), gap]);
  }
  const all = summedDevices(live.devices).length;
  return [...groups.values()].flatMap((group): ChartGap[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { fromMs, toMs, reason } = first;
    // A bucket longer than the gap has readings on both sides of it: the machine's column does not show it.
    if (group.length >= all) return [{ fromMs, toMs, reason }];
    const names = group.map(
      (gap) => live.devices.find((device) => device.domain.id === gap.domainId)?.domain.label ?? gap.domainId,
    );
    return [{ fromMs, toMs, reason, isPartial: true, label: names.join(', ') }];
  });
}
