import { msFromSeconds } from '../../shared/units.ts';

/** Windows in the order of their keys: 1 is a minute. */
export const windowKeys = ['1m', '5m', '15m', '1h', '6h', '24h', '7d', '30d'] as const;
export type WindowKey = (typeof windowKeys)[number];

const minute = 60;
const hour = 60 * minute;
const spanSeconds: Readonly<Record<WindowKey, number>> = {
  '1m': minute,
  '5m': 5 * minute,
  '15m': 15 * minute,
  '1h': hour,
  '6h': 6 * hour,
  '24h': 24 * hour,
  '7d': 7 * 24 * hour,
  '30d': 30 * 24 * hour,
};

/** Either the newest so-and-so long, or a span the user looks back at. */
export type TimeWindow =
  | { readonly kind: 'live'; readonly key: WindowKey }
  | { readonly kind: 'past'; readonly key: WindowKey; readonly fromMs: number; readonly toMs: number };

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export const windowMs = (key: WindowKey): number => msFromSeconds(spanSeconds[key]);

export function rangeOf(window: TimeWindow, nowMs: number): TimeRange {
  if (window.kind === 'past') return { fromMs: window.fromMs, toMs: window.toMs };
  return { fromMs: nowMs - windowMs(window.key), toMs: nowMs };
}

const shortestMs = msFromSeconds(10);

/** The user's dragged or zoomed range: never past the newest reading, never shorter than ten seconds. */
export function lookBack(window: TimeWindow, range: TimeRange, nowMs: number): TimeWindow {
  const lengthMs = Math.max(shortestMs, range.toMs - range.fromMs);
  const toMs = Math.min(nowMs, Math.max(range.fromMs + lengthMs, range.toMs));
  return { kind: 'past', key: window.key, fromMs: toMs - lengthMs, toMs };
}

/** How old a live window's history may grow before it is asked again: 5 s, or a two-hundredth of the window. */
export const refreshMs = (range: TimeRange): number => Math.max(msFromSeconds(5), (range.toMs - range.fromMs) / 200);

/** Buckets to ask for: about one a pixel, but none shorter than the time between two samples. */
export function bucketCount(range: TimeRange, limits: { most: number; periodSeconds: number }): number {
  const samples = Math.floor((range.toMs - range.fromMs) / msFromSeconds(limits.periodSeconds));
  return Math.max(2, Math.min(limits.most, samples));
}

/** The window that is shown and what the charts may do to it. */
export interface WindowControl {
  readonly window: TimeWindow;
  readonly onRange: (fromMs: number, toMs: number) => void;
  readonly onReset: () => void;
}
