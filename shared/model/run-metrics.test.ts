import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricMark, reportExample } from './report-fixture.ts';
import {
  lastMetric,
  type MetricDirection,
  metricDirection,
  metricPoints,
  paretoFront,
  sharedMetricKinds,
} from './run-metrics.ts';

describe('the metrics of runs', () => {
  const one = reportExample({
    marks: [
      metricMark('epoch', null, 5),
      metricMark('loss', 2, 30),
      metricMark('loss', 3, 10),
      metricMark('acc', 1, 9),
    ],
  });
  const other = reportExample({
    marks: [metricMark('step', 4, 1), metricMark('step', 9, 2), metricMark('loss', 1, 7)],
  });

  it('are what two runs have numbers of', () => {
    expect(sharedMetricKinds([one, other])).toEqual(['loss']);
    expect(sharedMetricKinds([one])).toEqual([]);
    expect(sharedMetricKinds([one, reportExample()])).toEqual([]);
  });

  it('begin with what is named like a loss', () => {
    const both = reportExample({
      marks: [metricMark('width', 1, 1), metricMark('accuracy', 1, 1), metricMark('val_loss', 1, 1)],
    });
    expect(sharedMetricKinds([both, both])).toEqual(['val_loss', 'accuracy', 'width']);
  });

  it('go along the energy, without what has none', () => {
    expect(metricPoints(one, 'loss')).toEqual([
      { joules: 10, value: 3 },
      { joules: 30, value: 2 },
    ]);
    expect(metricPoints(reportExample({ marks: [metricMark('loss', 2, null)] }), 'loss')).toEqual([]);
  });

  it('end at the newest value, be its energy known or not', () => {
    expect(lastMetric(reportExample({ marks: [metricMark('loss', 2, 5), metricMark('loss', 1, null)] }), 'loss')).toBe(
      1,
    );
    expect(lastMetric(one, 'epoch')).toBeNull();
  });
});

it('knows from the name which way is better', () => {
  const ways = (names: readonly string[]): MetricDirection[] => names.map(metricDirection);
  expect(ways(['loss', 'eval_loss', 'perplexity', 'WER', 'something'])).toEqual([
    'less',
    'less',
    'less',
    'less',
    'less',
  ]);
  expect(ways(['accuracy', 'val_acc', 'F1', 'bleu', 'reward', 'tokens'])).toEqual(new Array(6).fill('more'));
});

describe('paretoFront', () => {
  const at = (joules: number, value: number) => ({ joules, value });

  it('keeps what nothing beats in energy and loss', () => {
    // (20, 1.3) costs more than (10, 1.2) and is worse; (30, 1.2) is as good and costs more.
    expect(paretoFront([at(20, 1.3), at(10, 1.2), at(30, 1.2), at(40, 1.1), at(5, 1.5)], 'less')).toEqual([
      at(5, 1.5),
      at(10, 1.2),
      at(40, 1.1),
    ]);
  });

  it('turns round where more is better', () => {
    expect(paretoFront([at(20, 1.3), at(10, 1.2), at(30, 1.25)], 'more')).toEqual([at(10, 1.2), at(20, 1.3)]);
  });

  it('keeps one of two at the same place, the better of two at the same energy', () => {
    expect(paretoFront([at(10, 2), at(10, 1), at(10, 1)], 'less')).toEqual([at(10, 1)]);
    expect(paretoFront([], 'less')).toEqual([]);
  });

  it('leaves out only what a kept point is at least as good as', () => {
    const points = fc.array(
      fc.record({ joules: fc.integer({ min: 0, max: 9 }), value: fc.integer({ min: 0, max: 9 }) }),
    );
    fc.assert(
      fc.property(points, (all) => {
        const front = paretoFront(all, 'less');
        for (const point of all)
          expect(front.some((kept) => kept.joules <= point.joules && kept.value <= point.value)).toBe(true);
        for (const [index, point] of front.entries()) {
          const next = front[index + 1];
          expect(next === undefined || (next.joules > point.joules && next.value < point.value)).toBe(true);
        }
      }),
    );
  });
});
