import type { GapReason } from '../../shared/model/domain.ts';
import type { RunDomain, RunReport } from '../../shared/model/run.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { shownMarks } from '../progress/shown-marks.ts';
import { usedDomains } from './run-devices.ts';

/** A time in which some of the run's domains had no reading. */
export interface RunGap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly durationSeconds: number;
  readonly reason: GapReason;
  /** Labels of the domains, in the report's order. */
  readonly labels: readonly string[];
  /** True where every domain of the run was silent. */
  readonly isWhole: boolean;
  /** True where a counter's difference covers what was drawn meanwhile; else that energy is missing. */
  readonly isBridged: boolean;
}

export type RunEvent =
  | { readonly kind: 'mark'; readonly atMs: number; readonly mark: RunReport['marks'][number] }
  | { readonly kind: 'alert'; readonly atMs: number; readonly alert: RunReport['alerts'][number] }
  | { readonly kind: 'gap'; readonly atMs: number; readonly gap: RunGap }
  | { readonly kind: 'end'; readonly atMs: number };

/** Gaps that begin and end together for the same reason, and are bridged alike, are one gap of several domains; oldest first. */
export function gapsOf(domains: readonly RunDomain[]): readonly RunGap[] {
  const gaps = new Map<string, { from: number; to: number; reason: GapReason; isBridged: boolean; labels: string[] }>();
  const used = usedDomains(domains);
  for (const domain of used)
    for (const { from, to, reason, isBridged } of domain.gaps) {
      const key = `${from}/${to}/${reason}/${isBridged}`;
      const gap = gaps.get(key) ?? { from: Date.parse(from), to: Date.parse(to), reason, isBridged, labels: [] };
      gap.labels.push(domain.label);
      gaps.set(key, gap);
    }
  return [...gaps.values()]
    .map(({ from, to, reason, isBridged, labels }) => ({
      fromMs: from,
      toMs: to,
      durationSeconds: secondsFromMs(to - from),
      reason,
      labels,
      isWhole: labels.length === used.length,
      isBridged,
    }))
    .sort((a, b) => a.fromMs - b.fromMs);
}

/** When no device that the run used was read: what is hatched over the whole of a chart. Gaps that are bridged have their energy, and so their power. */
export function unseenSpans(
  domains: readonly RunDomain[],
): readonly { readonly fromMs: number; readonly toMs: number }[] {
  const used = usedDomains(domains);
  const edges = used
    .flatMap(({ gaps }) => gaps.filter((gap) => !gap.isBridged))
    .flatMap(({ from, to }) => [
      { atMs: Date.parse(from), step: 1 },
      { atMs: Date.parse(to), step: -1 },
    ])
    // Where one gap ends and another begins the device is still not read.
    .sort((a, b) => a.atMs - b.atMs || b.step - a.step);
  const spans: { fromMs: number; toMs: number }[] = [];
  let open = 0;
  let fromMs: number | null = null;
  for (const { atMs, step } of edges) {
    open += step;
    if (open === used.length && fromMs === null) fromMs = atMs;
    if (open < used.length && fromMs !== null) {
      if (atMs > fromMs) spans.push({ fromMs, toMs: atMs });
      fromMs = null;
    }
  }
  return spans;
}

/** What happened in the run, oldest first: marks, alerts, gaps and its end. */
export function eventsOf(report: RunReport): readonly RunEvent[] {
  const events: RunEvent[] = [
    ...shownMarks(report.marks).map((mark) => ({ kind: 'mark' as const, atMs: Date.parse(mark.at), mark })),
    ...report.alerts.map((alert) => ({ kind: 'alert' as const, atMs: Date.parse(alert.firedAt), alert })),
    ...gapsOf(report.energy.domains).map((gap) => ({ kind: 'gap' as const, atMs: gap.fromMs, gap })),
  ];
  if (report.run.endedAt !== null) events.push({ kind: 'end', atMs: Date.parse(report.run.endedAt) });
  return events.sort((a, b) => a.atMs - b.atMs);
}
