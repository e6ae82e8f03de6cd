import type { Chart } from 'chart.js';
import type { KeyboardEvent, PointerEvent } from 'react';
import type { TimeChartProps } from './chart-model.ts';
import { nearestIndex } from './columns.ts';
import { crosshairIn, useCrosshairStore } from './crosshair.tsx';

interface ChartHandlers {
  readonly onKeyDown: (event: KeyboardEvent<HTMLCanvasElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => void;
  readonly onPointerLeave: () => void;
  readonly onBlur: () => void;
}

/** ← → one sample, Shift for half a window, + − zoom, 0 whole window, [ ] previous and next event. */
export function useChartKeys(
  latest: { readonly current: TimeChartProps },
  chart: Pick<Chart, 'chartArea'> | null,
): ChartHandlers {
  const crosshair = useCrosshairStore();
  const point = (atMs: number | null): void => crosshair.setState({ atMs });
  const pointed = (): number | null => crosshairIn(crosshair.getState(), latest.current);

  const step = (direction: 1 | -1): void => {
    const { timesMs, fromMs, toMs } = latest.current;
    const index = nearestIndex(timesMs, pointed() ?? toMs) + direction;
    const at = timesMs[Math.min(timesMs.length - 1, Math.max(0, index))];
    if (at !== undefined) point(Math.min(toMs, Math.max(fromMs, at)));
  };
  const event = (direction: 1 | -1): void => {
    const { alerts = [], marks = [], runs = [], gaps = [], fromMs, toMs } = latest.current;
    const times = [...alerts, ...marks].map((each) => each.atMs).concat([...runs, ...gaps].map((each) => each.fromMs));
    const here = pointed() ?? toMs;
    const inside = times.filter((at) => at >= fromMs && at <= toMs && (at - here) * direction > 0);
    if (inside.length > 0) point(direction > 0 ? Math.min(...inside) : Math.max(...inside));
  };
  const zoom = (factor: number): void => {
    const { fromMs, toMs, onRange } = latest.current;
    const center = pointed() ?? (fromMs + toMs) / 2;
    onRange?.(center - (center - fromMs) * factor, center + (toMs - center) * factor);
  };
  const shift = (direction: 1 | -1): void => {
    const { fromMs, toMs, onRange } = latest.current;
    const half = ((toMs - fromMs) / 2) * direction;
    onRange?.(fromMs + half, toMs + half);
  };
  const actions = new Map<string, () => void>([
    ['ArrowLeft', () => step(-1)],
    ['ArrowRight', () => step(1)],
    ['Shift ArrowLeft', () => shift(-1)],
    ['Shift ArrowRight', () => shift(1)],
    ['[', () => event(-1)],
    [']', () => event(1)],
    ['+', () => zoom(0.5)],
    ['=', () => zoom(0.5)],
    ['-', () => zoom(2)],
    ['0', () => latest.current.onReset?.()],
    ['Escape', () => point(null)],
  ]);

  return {
    onKeyDown(pressed) {
      if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
      const isArrow = pressed.key.startsWith('Arrow');
      const action = actions.get(isArrow && pressed.shiftKey ? `Shift ${pressed.key}` : pressed.key);
      if (action === undefined) return;
      pressed.preventDefault();
      action();
    },
    onPointerMove(moved) {
      const { fromMs, toMs, timesMs } = latest.current;
      const box = moved.currentTarget.getBoundingClientRect();
      if (chart === null) return;
      const { left, width } = chart.chartArea;
      const share = (moved.clientX - box.left - left) / width;
      if (share < 0 || share > 1) return point(null);
      const at = fromMs + share * (toMs - fromMs);
      const nearest = timesMs[nearestIndex(timesMs, at)];
      point(nearest !== undefined && nearest >= fromMs && nearest <= toMs ? nearest : at);
    },
    onPointerLeave: () => point(null),
    onBlur: () => point(null),
  };
}
