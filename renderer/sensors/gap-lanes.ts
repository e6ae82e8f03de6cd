import type { History } from '../../shared/model/history.ts';
import { secondsFromMs } from '../../shared/units.ts';

export interface LaneGap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: History['gaps'][number]['reason'];
  readonly leftPercent: number;
  readonly widthPercent: number;
}

export interface GapLane {
  readonly domainId: string;
  readonly gaps: readonly LaneGap[];
  readonly totalSeconds: number;
}

/** Gaps by domain, cut to the span, each with its place in it; a lane only for domains that had one. */
export function lanesOf(gaps: History['gaps'], fromMs: number, toMs: number): readonly GapLane[] {
  const lanes = new Map<string, LaneGap[]>();
  for (const gap of gaps) {
    const from = Math.max(gap.fromMs, fromMs);
    const to = Math.min(gap.toMs, toMs);
    if (to <= from) continue;
    const lane = lanes.get(gap.domainId) ?? [];
    lanes.set(gap.domainId, lane);
    lane.push({
      fromMs: from,
      toMs: to,
      reason: gap.reason,
      leftPercent: (100 * (from - fromMs)) / (toMs - fromMs),
      widthPercent: (100 * (to - from)) / (toMs - fromMs),
    });
  }
  return [...lanes].map(([domainId, own]) => ({
    domainId,
    gaps: own.sort((a, b) => a.fromMs - b.fromMs),
    totalSeconds: own.reduce((sum, gap) => sum + secondsFromMs(gap.toMs - gap.fromMs), 0),
  }));
}
