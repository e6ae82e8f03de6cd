import type { Chart } from 'chart.js';
import type { ReactNode } from 'react';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatClock, formatMoment } from '../../shared/format/moment.ts';
import { formatNumber, missing, threeDigitDecimals } from '../../shared/format/number-text.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { axisUnit } from './axis-text.ts';
import type { TimeChartProps } from './chart-model.ts';
import { nearestIndex } from './columns.ts';
import { useCrosshair } from './crosshair.tsx';
import { cssColor } from './css-color.ts';
import { hasDays } from './ticks.ts';
import { tipRows, totalOf } from './tip-rows.ts';

interface LayerProps {
  readonly chart: Chart<'line'>;
  readonly props: TimeChartProps;
  /** Grows with every redraw, so that the layer reads the chart's new geometry. */
  readonly drawnTimes: number;
  readonly hasTip: boolean;
}

/** Line, dots and time at the crosshair, over the canvas: moving it redraws no chart. */
export function CrosshairLayer({ chart, props, hasTip }: LayerProps): ReactNode {
  const locale = useLocale();
  const atMs = useCrosshair(props);
  const x = chart.scales.x;
  const y = chart.scales.y;
  if (atMs === null || x === undefined || y === undefined) return null;
  const index = nearestIndex(props.timesMs, atMs);
  const left = Math.round(x.getPixelForValue(atMs));
  const { top, bottom, right } = chart.chartArea;
  const lines = props.isStacked === true ? totalOf(props) : props.series;
  return (
    <div className="cross" aria-hidden="true">
      <i className="cross-line" style={{ left, top, height: bottom - top }} />
      {lines.map((series) => {
        const value = series.mean[index] ?? null;
        if (value === null) return null;
        const style = { left, top: y.getPixelForValue(value), background: cssColor(series.color) };
        return <i key={series.key} className="cross-dot" style={style} />;
      })}
      <span className="cross-time" style={{ left: Math.min(right - 24, Math.max(64, left)), top: bottom + 2 }}>
        {props.isElapsed === true
          ? formatExactDuration(secondsFromMs(atMs), { locale })
          : hasDays(props.fromMs, props.toMs)
            ? formatMoment(atMs, { locale, nowMs: props.toMs })
            : formatClock(atMs, { locale, hasSeconds: true })}
      </span>
      {hasTip && (
        <CrosshairTip props={props} index={index} axisMax={y.max} left={left} isLeft={left > (x.left + right) / 2} />
      )}
    </div>
  );
}

interface TipProps {
  readonly props: TimeChartProps;
  readonly index: number;
  readonly axisMax: number;
  readonly left: number;
  readonly isLeft: boolean;
}

/** One tip with every value, on the side away from the cursor. */
function CrosshairTip({ props, index, axisMax, left, isLeft }: TipProps): ReactNode {
  const locale = useLocale();
  const { word, divisor } = axisUnit(props.unit, props.unit === 'watts' ? 0 : axisMax);
  const text = (value: number | null): string => {
    if (value === null) return missing;
    const shown = value / divisor;
    return formatNumber(
      shown,
      Math.max(0, Math.min(2, props.unit === 'watts' ? 0 : threeDigitDecimals(shown))),
      locale,
    );
  };
  const rows = tipRows(props, index);
  if (rows.length === 0) return null;
  const style = isLeft ? { left: left - 12, transform: 'translateX(-100%)' } : { left: left + 12 };
  return (
    <div className="tip cross-tip" style={style}>
      {rows.slice(0, 14).map((series) => (
        <div key={series.key} className="row">
          <i className="key" style={{ background: cssColor(series.color) }} />
          <span className="cut">{series.label}</span>
          <span className="grow" />
          <b>{text(series.mean[index] ?? null)}</b>
          {series === rows[0] && <span className="q">{word}</span>}
        </div>
      ))}
    </div>
  );
}
