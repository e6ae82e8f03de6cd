import type { i18n } from 'i18next';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import type { TimeChartProps } from '../../../renderer/charts/chart-model.ts';
import { CrosshairScope } from '../../../renderer/charts/crosshair.tsx';
import { TimeChart } from '../../../renderer/charts/time-chart.tsx';
import { seriesColor, seriesDash } from '../../../renderer/design/series.ts';
import { appendFrames, type LiveFrame } from '../../../renderer/live/history-columns.ts';
import { createRawDay, daySeconds, reduceDay, seriesCount, wattsAt } from './raw-day.ts';
import type { Step } from './step.ts';

/** The app's own chart with the app's own columns: the day as the engine reduces it, and the live readings since, folded into it. */
export async function drawByChart(
  root: HTMLElement,
  { endSecond, i18n }: { readonly endSecond: number; readonly i18n: i18n },
): Promise<Step> {
  const history = reduceDay(createRawDay(endSecond));
  const frames: LiveFrame[] = [];
  let second = endSecond;
  let show: (props: TimeChartProps) => void = () => {};

  function next(): TimeChartProps {
    const columns = appendFrames(history, frames, { periodSeconds: 1 });
    return {
      timesMs: columns.timesMs,
      fromMs: (second - daySeconds) * 1000,
      toMs: second * 1000,
      unit: 'watts',
      isLive: true,
      height: root.clientHeight,
      ariaSentence: 'Eight GPUs over a day',
      series: Array.from({ length: seriesCount }, (_, i) => {
        const column = columns.byKey.get(String(i));
        return {
          key: String(i),
          label: `GPU ${i}`,
          endLabel: `G${i}`,
          color: seriesColor(i),
          dash: seriesDash(i),
          kind: 'line',
          mean: column?.mean ?? [],
          min: column?.min ?? [],
          max: column?.max ?? [],
        };
      }),
    };
  }

  function Page() {
    const [props, setProps] = useState(next);
    show = setProps;
    return <TimeChart {...props} hasTip={false} />;
  }

  const step: Step = () => {
    second++;
    frames.push({
      atMs: second * 1000,
      values: new Map(Array.from({ length: seriesCount }, (_, i) => [String(i), wattsAt(i, second)])),
    });
    flushSync(() => show(next()));
  };
  createRoot(root).render(
    <I18nextProvider i18n={i18n}>
      <CrosshairScope>
        <Page />
      </CrosshairScope>
    </I18nextProvider>,
  );
  // The chart draws in an effect: the first step finds it there.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return step;
}
