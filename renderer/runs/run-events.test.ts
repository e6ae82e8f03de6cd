import { describe, expect, it } from 'vitest';
import { eventsOf, gapsOf, unseenSpans } from './run-events.ts';
import { runDomain, runReport } from './run-fixtures.ts';

const gap = (from: string, to: string, reason: 'restart' | 'lost' = 'restart') => ({
  from: `2025-11-23T0${from}:00.000Z`,
  to: `2025-11-23T0${to}:00.000Z`,
  reason,
  isBridged: false,
});
const domains = [
  runDomain({ id: 'gpu:0', label: 'GPU 0', gaps: [gap('5:10', '5:19')] }),
  runDomain({ id: 'gpu:1', label: 'GPU 1', gaps: [gap('2:00', '2:01', 'lost'), gap('5:10', '5:19')] }),
  runDomain({ id: 'gpu:9', label: 'GPU 9', splitBy: 'none', runJoules: 0, gaps: [] }),
];

describe('gapsOf', () => {
  it('joins what fell silent together, oldest first, and leaves out devices the run did not use', () => {
    // 02:00 – 02:01 is 60 s of one device; 05:10 – 05:19 is 540 s of both that were used.
    expect(
      gapsOf(domains).map(({ labels, durationSeconds, isWhole }) => ({ labels, durationSeconds, isWhole })),
    ).toEqual([
      { labels: ['GPU 1'], durationSeconds: 60, isWhole: false },
      { labels: ['GPU 0', 'GPU 1'], durationSeconds: 540, isWhole: true },
    ]);
  });
});

it('keeps apart what a counter bridges and what is missing', () => {
  const whole = gap('5:10', '5:19');
  const both = [
    runDomain({ id: 'gpu:0', label: 'GPU 0', gaps: [{ ...whole, isBridged: true }] }),
    runDomain({ id: 'dram:0', label: 'Memory', gaps: [whole] }),
  ];
  expect(gapsOf(both).map(({ labels, isBridged }) => ({ labels, isBridged }))).toEqual([
    { labels: ['GPU 0'], isBridged: true },
    { labels: ['Memory'], isBridged: false },
  ]);
});

describe('unseenSpans', () => {
  const spansOf = (used: readonly (readonly ReturnType<typeof gap>[])[]) =>
    unseenSpans(used.map((gaps, i) => runDomain({ id: `gpu:${i}`, label: `GPU ${i}`, gaps: [...gaps] }))).map(
      ({ fromMs, toMs }) => [new Date(fromMs).toISOString().slice(12, 16), new Date(toMs).toISOString().slice(12, 16)],
    );

  it('are those in which no device at all was read, whatever the gaps of each', () => {
    expect(spansOf([[gap('1:00', '3:00')], [gap('2:00', '4:00')]])).toEqual([['2:00', '3:00']]);
    expect(spansOf([[gap('1:00', '2:00'), gap('2:00', '3:00', 'lost')], [gap('1:30', '2:30')]])).toEqual([
      ['1:30', '2:30'],
    ]);
    expect(spansOf([[gap('1:00', '2:00')], [gap('2:00', '3:00')]])).toEqual([]);
    expect(spansOf([[gap('1:00', '2:00')], []])).toEqual([]);
    expect(spansOf([])).toEqual([]);
  });

  it('leave out what a counter bridges: its power is known', () => {
    expect(spansOf([[{ ...gap('1:00', '2:00'), isBridged: true }]])).toEqual([]);
  });
});

describe('eventsOf', () => {
  it('puts marks, alerts, gaps and the end in the order they happened', () => {
    const report = runReport({
      energy: { domains },
      marks: [
        {
          at: '2025-11-23T03:00:00.000Z',
          kind: 'epoch',
          label: '1',
          value: null,
          joules: null,
          step: null,
          epoch: null,
          windowId: null,
          source: 'api',
        },
      ],
      alerts: [
        {
          id: 'x',
          rule: 'Hot',
          level: 'warning',
          firedAt: '2025-11-23T01:00:00.000Z',
          clearedAt: null,
          message: 'GPU 2 above 88 °C',
        },
      ],
    });
    expect(eventsOf(report).map((event) => event.kind)).toEqual(['alert', 'gap', 'mark', 'gap', 'end']);
  });

  it('has no end while the run goes on', () => {
    expect(eventsOf(runReport({ run: { endedAt: null } }))).toEqual([]);
  });
});
