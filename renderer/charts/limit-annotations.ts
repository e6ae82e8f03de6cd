import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { TimeChartProps } from './chart-model.ts';
import type { Palette } from './palette.ts';
import { valueAxis } from './value-axis.ts';

/** Limits as dashed lines in the warning colour, named at the left; those far above the plot are left out. */
export function limitAnnotations(props: TimeChartProps, palette: Palette): Record<string, AnnotationOptions<'line'>> {
  const { max } = valueAxis(props);
  const shown = (props.limits ?? []).filter((limit) => limit.value <= max);
  return Object.fromEntries(
    shown.map((limit, index) => [
      `limit${index}`,
      {
        type: 'line' as const,
        scaleID: 'y',
        value: limit.value,
        borderColor: palette.color('warn-mark'),
        borderWidth: 1,
        borderDash: [4, 3],
        label: {
          display: props.isSmall !== true,
          content: limit.label,
          position: 'start' as const,
          yAdjust: limit.value > max * 0.92 ? 9 : -9,
          padding: { top: 0, bottom: 0, left: 4, right: 4 },
          backgroundColor: palette.color('color-mix(in oklab, var(--bg) 70%, transparent)'),
          color: palette.color('warn'),
          font: { family: palette.font, size: 11, weight: 400 },
        },
      },
    ]),
  );
}
