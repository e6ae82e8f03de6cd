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
  /** Domains that fell silent together, every time. */
  readonly domainIds: readonly string[];
  readonly gaps: readonly LaneGap[];
  readonly totalSeconds: number;
}

/** Gaps by domain, cut to the span, each with its place in it; one lane for all domains whose gaps are the same. */
export function lanesOf(gaps: History['gaps'], fromMs: number, toMs: number): readonly GapLane[] {
  const byDomain = new Map<string, LaneGap[]>();
  for (const gap of gaps) {
    const from = Math.max(gap.fromMs, fromMs);
    const to = Math.min(gap.toMs, toMs);
    if (to <= from) continue;
    const own = byDomain.get(gap.domainId) ?? [];
    byDomain.set(gap.domainId, own);
    own.push({
      fromMs: from,
      toMs: to,
      reason: gap.reason,
      leftPercent: (100 * (from - fromMs)) / (toMs - fromMs),
      widthPercent: (100 * (to - from)) / (toMs - fromMs),
    });
  }
  const lanes = new Map<string, { domainIds: string[]; gaps: LaneGap[] }>();
  for (const [domainId, own] of byDomain) {
    own.sort((a, b) => a.fromMs - b.fromMs);
    const key = own.map((gap) => `${gap.fromMs}-${gap.toMs}`).join();
    const lane = lanes.get(key) ?? { domainIds: [], gaps: own };
    lanes.set(key, lane);
    lane.domainIds.push(domainId);
  }
  return [...lanes.values()].map((lane) => ({
    ...lane,
    totalSeconds: lane.gaps.reduce((sum, gap) => sum + secondsFromMs(gap.toMs - gap.fromMs), 0),
  }));
}
