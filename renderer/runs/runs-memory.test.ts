import { describe, expect, it } from 'vitest';
import { noFilters } from './run-filter.ts';
import { freshRunsMemory, recallRuns, rememberRuns } from './runs-memory.ts';

function memoryOf(first: string | null = null) {
  let text = first;
  return () => ({
    getItem: () => text,
    setItem: (_: string, next: string) => {
      text = next;
    },
  });
}
const columns = ['started', 'energy'];

describe('what is kept of the runs table', () => {
  it('comes back as it was left', () => {
    const memory = memoryOf();
    const left = {
      filters: {
        ...noFilters,
        text: 'vit',
        tags: ['lr=1'],
        statuses: ['failed' as const, 'paused' as const],
        dates: { lastDays: 7, from: null, to: null },
      },
      sorting: [{ id: 'energy', desc: true }],
      hiddenColumns: ['cost'],
    };
    rememberRuns(left, memory);
    expect(recallRuns(columns, memory)).toEqual(left);
  });

  it.each([
    ['nothing', null],
    ['no JSON', '{'],
    ['another thing', '7'],
    ['a column that is gone', '{"sorting":[{"id":"gone","desc":true}]}'],
    ['wrong types', '{"filters":{"text":1,"statuses":["x"],"tags":"y","dates":{}},"sorting":[],"hiddenColumns":3}'],
  ])('is as on the first day where there is %s', (_, text) =>
    expect(recallRuns(columns, memoryOf(text))).toEqual(freshRunsMemory),
  );
});
