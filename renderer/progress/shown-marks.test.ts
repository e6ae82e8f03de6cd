import { describe, expect, it } from 'vitest';
import { metricMark } from '../../shared/model/report-fixture.ts';
import { markName, shownMarks } from './shown-marks.ts';

describe('marks that are shown one by one', () => {
  it('are notes and ends of epochs, not what is counted', () => {
    const marks = [
      { ...metricMark('epoch', 0, 0), label: '' },
      { ...metricMark('epoch', 1, 9), label: '' },
      metricMark('step', 40, 9),
      { ...metricMark('loss', 0.3, 9), source: 'log:tqdm' },
      { ...metricMark('loss', 0.3, 9), step: 40 },
      { ...metricMark('note', null, 9), label: 'lowered lr' },
    ];
    expect(shownMarks(marks).map(markName)).toEqual(['1', 'lowered lr']);
  });

  it('leave epochs out where there are too many to tell apart', () => {
    const epochs = Array.from({ length: 41 }, (_, i) => metricMark('epoch', i + 1, i));
    expect(shownMarks(epochs)).toEqual([]);
    expect(shownMarks(epochs.slice(0, 40))).toHaveLength(40);
  });
});
