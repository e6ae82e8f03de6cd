import type { Chart } from 'chart.js';
import type { ZoomPluginOptions } from 'chartjs-plugin-zoom/types/options';
import { msFromSeconds } from '../../shared/units.ts';
import type { Palette } from './palette.ts';

interface ZoomInputs {
  readonly palette: Palette;
  readonly isEnabled: boolean;
  /** Keeps the chart's own range for so long, while the hand is on it. */
  readonly hold: (milliseconds: number) => void;
  readonly onRange: (fromMs: number, toMs: number) => void;
}

const shortestSpanMs = msFromSeconds(10);
const holdMs = 600;

/** Drag zooms, Shift and drag pans, the wheel zooms; two fingers pinch and one pans: all in time only. */
export function zoomOptions({ palette, isEnabled, hold, onRange }: ZoomInputs): ZoomPluginOptions {
  const tell = ({ chart }: { chart: Chart }): void => {
    const x = chart.scales.x;
    hold(0);
    if (x !== undefined) onRange(x.min, x.max);
  };
  return {
    limits: { x: { minRange: shortestSpanMs } },
    pan: {
      enabled: isEnabled,
      mode: 'x',
      modifierKey: 'shift',
      onPan: () => hold(holdMs),
      onPanComplete: tell,
    },
    zoom: {
      mode: 'x',
      wheel: { enabled: isEnabled, speed: 0.08 },
      pinch: { enabled: isEnabled },
      drag: {
        enabled: isEnabled,
        threshold: 6,
        backgroundColor: palette.color('color-mix(in oklab, var(--past) 18%, transparent)'),
        borderColor: palette.color('past'),
        borderWidth: 1,
      },
      onZoomStart: () => {
        hold(holdMs);
        return true;
      },
      onZoom: () => hold(holdMs),
      onZoomComplete: tell,
    },
  };
}
