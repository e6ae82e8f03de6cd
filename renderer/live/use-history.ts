import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { WattrunError } from '../../shared/contract/errors.ts';
import type { History, HistoryQuery } from '../../shared/model/history.ts';
import { useEngine, useEngineState, useLive } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { appendFrames, type LiveFrame, type WindowColumns } from './history-columns.ts';
import { liveValue } from './live-value.ts';
import { bucketCount, rangeOf, refreshMs, type TimeRange, type TimeWindow } from './time-window.ts';

export type SeriesAsked = HistoryQuery['series'];

export interface WindowHistory {
  /** What to draw: ends at the newest reading while live. */
  readonly range: TimeRange;
  /** Null until the first answer. */
  readonly history: History | null;
  readonly columns: WindowColumns | null;
  readonly error: WattrunError | null;
  readonly retry: () => void;
}

interface Asked {
  readonly maxPoints: number;
  readonly series: SeriesAsked;
  /** Runs stand on each other up to the machine. */
  readonly isStacked?: boolean;
}

/** More of the past than is shown, so that the left edge stays filled while the window moves on. */
const leadRatio = 0.01;
/** Frames kept between two queries: the longest window is asked anew every 432 s, at most four readings a second. */
const mostFrames = 2000;

/** A window's history, asked again now and then, with every live reading in between appended. */
export function useHistory(window: TimeWindow, { maxPoints, series, isStacked = false }: Asked): WindowHistory {
  const { request, client } = useEngine();
  const epoch = useEngineState((state) => state.epoch);
  const live = useLive();
  const lastAtMs = live?.atMs ?? null;
  const periodSeconds = live?.periodSeconds ?? 1;
  const [answer, setAnswer] = useState<{ history: History | null; error: WattrunError | null }>(nothing);
  const [turn, setTurn] = useState(0);
  const frames = useRef<LiveFrame[]>([]);
  const newest = useRef(lastAtMs);
  newest.current = lastAtMs;
  const newestPeriod = useRef(periodSeconds);
  newestPeriod.current = periodSeconds;
  const asked = useRef({ maxPoints, series, isStacked });
  asked.current = { maxPoints, series, isStacked };
  const windowText = JSON.stringify(window);
  const askedText = JSON.stringify([maxPoints, series, isStacked]);
  const isReady = lastAtMs !== null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: window, series, engine and turn are followed as texts and counts
  useEffect(() => {
    if (client === null || !isReady) return;
    let isCurrent = true;
    const range = rangeOf(window, newest.current ?? Date.now());
    const leadMs = window.kind === 'live' ? (range.toMs - range.fromMs) * leadRatio : 0;
    const query = {
      fromMs: range.fromMs - leadMs,
      toMs: range.toMs,
      maxPoints: bucketCount(range, { most: asked.current.maxPoints, periodSeconds: newestPeriod.current }),
      series: [...asked.current.series],
      ...(asked.current.isStacked ? { isStacked: true } : {}),
    };
    request('history.query', query).then(
      (history) => {
        if (!isCurrent) return;
        const endMs = history.timesMs.at(-1) ?? 0;
        frames.current = frames.current.filter((frame) => frame.atMs > endMs - 1);
        setAnswer({ history, error: null });
      },
      (error: unknown) => isCurrent && setAnswer((before) => ({ ...before, error: wattrunError(error) })),
    );
    return () => {
      isCurrent = false;
    };
  }, [request, client, epoch, turn, windowText, askedText, isReady]);

  const retry = useCallback(() => setTurn((before) => before + 1), []);
  const isLive = window.kind === 'live';
  const refreshAfterMs = refreshMs(rangeOf(window, 0));
  useEffect(() => {
    if (!isLive) return;
    const timer = setInterval(retry, refreshAfterMs);
    return () => clearInterval(timer);
  }, [isLive, refreshAfterMs, retry]);

  const framesEpoch = useRef(epoch);
  if (framesEpoch.current !== epoch) {
    framesEpoch.current = epoch;
    frames.current = [];
  }
  const lastFrameMs = frames.current.at(-1)?.atMs ?? 0;
  if (live !== null && live.atMs > lastFrameMs) {
    const values = new Map(series.map((each) => [each.key, liveValue(live, each.of, each.quantity)]));
    frames.current = [...frames.current.slice(-mostFrames), { atMs: live.atMs, values }];
  }

  const { history, error } = answer;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the frames grow with the newest reading's time
  const columns = useMemo(
    () =>
      history === null
        ? null
        : appendFrames(history, isLive ? frames.current : [], {
            periodSeconds,
            stackedKeys: new Set(isStacked ? series.filter(isShare).map(({ key }) => key) : []),
          }),
    [history, isLive, periodSeconds, isStacked, lastAtMs],
  );
  return { range: rangeOf(window, lastAtMs ?? Date.now()), history, columns, error, retry };
}

const isShare = ({ of }: SeriesAsked[number]): boolean => of.kind !== 'machine' && of.kind !== 'domain';

const nothing = { history: null, error: null };
