import { expect, it } from 'vitest';
import { lanesOf } from './gap-lanes.ts';

it('cuts gaps to the span, places them in it and joins devices that were silent together', () => {
  // The gaps of gpu:2 are those of gpu:0 once they are cut to the span: one lane.
  // Span 0 … 100 s. A gap from −10 s to 10 s keeps 0 … 10 s: the first tenth. 50 … 75 s: from 50 %, a quarter wide.
  const lanes = lanesOf(
    [
      { domainId: 'gpu:0', fromMs: 50_000, toMs: 75_000, reason: 'timeout', isBridged: false },
      { domainId: 'gpu:0', fromMs: -10_000, toMs: 10_000, reason: 'restart', isBridged: false },
      { domainId: 'gpu:2', fromMs: -5000, toMs: 10_000, reason: 'restart', isBridged: false },
      { domainId: 'gpu:2', fromMs: 50_000, toMs: 75_000, reason: 'timeout', isBridged: false },
      { domainId: 'gpu:1', fromMs: 200_000, toMs: 300_000, reason: 'lost', isBridged: false },
    ],
    0,
    100_000,
  );
  expect(lanes).toEqual([
    {
      domainIds: ['gpu:0', 'gpu:2'],
      totalSeconds: 35,
      gaps: [
        { fromMs: 0, toMs: 10_000, reason: 'restart', leftPercent: 0, widthPercent: 10 },
        { fromMs: 50_000, toMs: 75_000, reason: 'timeout', leftPercent: 50, widthPercent: 25 },
      ],
    },
  ]);
});
