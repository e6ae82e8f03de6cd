import { afterEach, describe, expect, it } from 'vitest';
import { WattrunError } from '../../shared/contract/errors.ts';
import { exampleCpu, exampleDomainTotals, exampleGpu, exampleRun, exampleTotals } from '../../tests/examples.ts';
import { writePausedRuns } from '../runs/paused-runs.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { listSummaries, reportFromStore, resolveRunId } from './record-reports.ts';

const opened: Store[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

function recordOf(...runs: readonly Parameters<typeof exampleRun>[0][]): Store {
  const store = createSqliteStore({ path: ':memory:', nowMs: 0 });
  opened.push(store);
  for (const [i, run] of runs.entries())
    store.insertRun(exampleRun({ startedMs: Date.UTC(2026, 6, 14, 8, i), ...run }), exampleTotals());
  return store;
}

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof WattrunError) return error.code;
  }
  return 'none';
};

describe('the run that a person means', () => {
  const store = (): Store =>
    recordOf({ id: 'abc1000000', name: 'bert' }, { id: 'abc2000000', name: 'vit' }, { id: 'xyz0000000', name: 'vit' });

  it.each([
    ['an id', 'abc1000000', 'abc1000000'],
    ['a prefix that only one id has', 'abc2', 'abc2000000'],
    ['a name', 'bert', 'abc1000000'],
    ['the newest of two of a name', 'vit', 'xyz0000000'],
    ['the newest of all', 'last', 'xyz0000000'],
  ])('is found by %s', (_, words, id) => expect(resolveRunId(store(), words)).toBe(id));

  it('is not guessed when several ids begin so', () => {
    expect(codeOf(() => resolveRunId(store(), 'abc'))).toBe('runs/ambiguous');
    expect(() => resolveRunId(store(), 'abc')).toThrow(/abc could be 2 runs: abc2000000, abc1000000/);
  });

  it.each(['nope', '', 'BERT'])('is not found by %j', (words) =>
    expect(codeOf(() => resolveRunId(store(), words))).toBe('runs/not-found'),
  );

  it('is not there at all in an empty record', () => {
    expect(() => resolveRunId(recordOf(), 'last')).toThrow('There are no runs yet.');
  });

  it('is an id before it is a name, and may be called last', () => {
    const odd = recordOf({ id: 'aaa1000000', name: 'x' }, { id: 'bbb1000000', name: 'aaa1000000' });
    expect(resolveRunId(odd, 'aaa1000000')).toBe('aaa1000000');
  });
});

describe('a list of runs', () => {
  const store = (): Store =>
    recordOf(
      { id: 'aaa', project: 'vision', status: 'finished', tags: { lr: '0.1' } },
      { id: 'bbb', project: 'sft', status: 'failed', command: ['torchrun', 'Sft.py'] },
      { id: 'ccc', project: 'sft', status: 'running' },
    );
  const idsOf = (filter: Parameters<typeof listSummaries>[1]): readonly string[] =>
    listSummaries(store(), filter).runs.map((run) => run.id);

  it('is newest first, and counts all that match beyond its limit', () => {
    expect(idsOf({})).toEqual(['ccc', 'bbb', 'aaa']);
    const limited = listSummaries(store(), { limit: 1 });
    expect([limited.runs.length, limited.total]).toEqual([1, 3]);
  });

  it('narrows by project, status, time and words anywhere in name, command and tags', () => {
    expect(idsOf({ project: 'sft' })).toEqual(['ccc', 'bbb']);
    expect(idsOf({ status: ['failed', 'finished'] })).toEqual(['bbb', 'aaa']);
    expect(idsOf({ sinceMs: Date.UTC(2026, 6, 14, 8, 1) })).toEqual(['ccc', 'bbb']);
    expect(idsOf({ text: 'SFT.PY' })).toEqual(['bbb']);
    expect(idsOf({ text: '0.1' })).toEqual(['aaa']);
    expect(idsOf({ project: 'vision', status: ['running'] })).toEqual([]);
  });
});

describe('a report from the record', () => {
  it('names its domains with the GPUs first, by their number', () => {
    const store = recordOf({ id: 'aaa' });
    const domains = [exampleCpu(), exampleGpu({ id: 'gpu:b', index: 1 }), exampleGpu({ id: 'gpu:a', index: 0 })];
    for (const domain of domains) store.putDomain(domain);
    const all = new Map(domains.map((domain) => [domain.id, exampleDomainTotals()]));
    store.putRun({ record: exampleRun({ id: 'aaa' }), totals: exampleTotals(), domains: all });
    expect(reportFromStore(store, 'aaa').energy.domains.map((domain) => domain.id)).toEqual([
      'gpu:a',
      'gpu:b',
      'cpu:0',
    ]);
  });

  it('is refused for a run that is not there', () => {
    expect(codeOf(() => reportFromStore(recordOf(), 'none'))).toBe('runs/not-found');
  });
});

it('a run is paused while its processes are held, and no more once it has ended', () => {
  const store = recordOf({ id: 'held' }, { id: 'ended', status: 'finished' }, { id: 'on' });
  writePausedRuns({ write: store.writeLearned }, new Set(['held', 'ended']));
  const listed = listSummaries(store, {}).runs.map(({ id, isPaused }) => [id, isPaused]);
  expect(Object.fromEntries(listed)).toEqual({ held: true, ended: false, on: false });
  expect(['held', 'ended'].map((id) => reportFromStore(store, id).run.isPaused)).toEqual([true, false]);
});
