import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChosenChart,
  chartNames,
  chartsText,
  defaultCharts,
  isDefault,
  mostCharts,
  parseCharts,
  withChange,
  withChartAt,
  withOneMore,
  withoutChart,
} from './chart-layout.ts';

const namesOf = (charts: readonly ChosenChart[]): readonly string[] => charts.map(({ id }) => id);

describe('the charts that were chosen', () => {
  it('come back as they were kept', () => {
    const charts = withChange(withChartAt(defaultCharts, 'energy', 0), 'power', {
      width: 'full',
      deviceIds: ['gpu:GPU-1', 'cpu:0'],
    });
    expect(parseCharts(chartsText(charts))).toEqual(charts);
    expect(isDefault(charts)).toBe(false);
  });

  it('are the usual six where nothing or nonsense was kept', () => {
    const twice = JSON.stringify({ version: 1, charts: [defaultCharts[0], defaultCharts[0]] });
    for (const text of [null, '', '{', '[]', 'null', '{"version":1,"charts":[]}', '{"version":2,"charts":[{}]}', twice])
      expect(parseCharts(text)).toBe(defaultCharts);
  });

  it('change places, and no further than to the ends', () => {
    expect(namesOf(withChartAt(defaultCharts, 'power', 2)).slice(0, 3)).toEqual(['utilization', 'memory', 'power']);
    expect(namesOf(withChartAt(defaultCharts, 'power', 99)).at(-1)).toBe('power');
    expect(namesOf(withChartAt(defaultCharts, 'energy', -3))[0]).toBe('energy');
    expect(withChartAt(defaultCharts, 'nobody', 1)).toBe(defaultCharts);
  });

  it('are one more with what is missing, up to twelve, each with an id of its own', () => {
    const five = withoutChart(defaultCharts, 'memory');
    expect(namesOf(withOneMore(five)).at(-1)).toBe('memory');
    let charts = defaultCharts;
    for (let i = 0; i < 20; i++) charts = withOneMore(charts);
    expect(charts).toHaveLength(mostCharts);
    expect(new Set(namesOf(charts)).size).toBe(mostCharts);
  });

  it('are never none', () => {
    const one = chartNames.reduce<readonly ChosenChart[]>((charts, name) => withoutChart(charts, name), defaultCharts);
    expect(one).toHaveLength(1);
  });

  it('survive any text without an exception', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => parseCharts(text).length > 0));
  });
});
