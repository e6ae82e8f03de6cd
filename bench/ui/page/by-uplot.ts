import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { createRawDay, seriesCount, wattsAt } from './raw-day.ts';
import type { Step } from './step.ts';

/** uPlot with every sample of the day, as its documentation shows a sliding window: a value more at the end, one less at the start. */
export async function drawByUplot(root: HTMLElement, { endSecond }: { readonly endSecond: number }): Promise<Step> {
  const day = createRawDay(endSecond);
  const colors = ['#2f6f4f', '#3b6fb5', '#a35c00', '#8a3ea0', '#b3372f', '#00808a', '#6b6b00', '#555555'];
  const data = (): uPlot.AlignedData => [day.seconds, ...day.watts];
  const plot = new uPlot(
    {
      width: root.clientWidth,
      height: root.clientHeight,
      legend: { show: false },
      cursor: { show: false },
      series: [
        {},
        ...Array.from({ length: seriesCount }, (_, i) => ({
          label: `GPU ${i}`,
          stroke: colors[i] ?? '#000',
          width: 1,
          points: { show: false },
        })),
      ],
    },
    data(),
    root,
  );
  let second = endSecond;
  return () => {
    second++;
    day.seconds.push(second);
    day.seconds.shift();
    for (const [series, watts] of day.watts.entries()) {
      watts.push(wattsAt(series, second));
      watts.shift();
    }
    plot.setData(data());
  };
}
