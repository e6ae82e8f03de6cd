import { describe, expect, it } from 'vitest';
import { exampleGpu } from '../../../tests/examples.ts';
import { domainFromRow, type PowerKind, readingFromRow, sampledSensor } from './smi-reading.ts';

/** A row of a driver that knows plain `power.draw` alone, while a second stream samples it for a run's edges. */
const row = { cells: new Map([['power.draw', '300.00']]) };
const mean = { watts: 280, windowSeconds: 1.02, standardErrorWatts: 3, inStepErrorWatts: 7 };
const readingOf = (kind: PowerKind) =>
  readingFromRow({
    row,
    domain: exampleGpu(),
    atMs: 10_000,
    kind,
    // As the stream gives it: where the sensor is asked for.
    mean: sampledSensor(row, kind) === null ? null : mean,
    samples: [{ atMs: 9900, watts: 310 }],
    processes: null,
    processesAtMs: null,
  });

describe('plain power.draw that is sampled between the rows', () => {
  it('is its own word where it is the mean of the last second', () =>
    expect(readingOf({ windowSeconds: 1, sensor: { windowSeconds: 1, updateMs: 100 } })).toMatchObject({
      powerWatts: 300,
      powerWindowSeconds: 1,
      powerStandardErrorWatts: 0,
      // They are means too: no moment's power, but how the second's energy went.
      samples: [],
      earlierMeans: [{ atMs: 9900, watts: 310 }],
      error: { offsetWatts: 5 },
    }));

  it('is the mean of the samples where it is a moment’s', () =>
    expect(readingOf({ windowSeconds: 0, sensor: { windowSeconds: 0.025, updateMs: 100 } })).toMatchObject({
      powerWatts: 280,
      powerWindowSeconds: 1.02,
      powerStandardErrorWatts: 3,
      samples: [{ atMs: 9900, watts: 310 }],
      earlierMeans: [],
      error: { offsetWatts: 12 },
    }));

  it('is its own word where the row has the driver’s average beside it', () => {
    const averaged = { cells: new Map([...row.cells, ['power.draw.average', '290.00']]) };
    expect(sampledSensor(averaged, { windowSeconds: 0, sensor: { windowSeconds: 0.025, updateMs: 100 } })).toBeNull();
  });
});

describe('a power that is no number', () => {
  const reasonOf = (cells: Readonly<Record<string, string>>) =>
    readingFromRow({
      row: { cells: new Map(Object.entries(cells)) },
      domain: exampleGpu(),
      atMs: 0,
      kind: { windowSeconds: 1, sensor: { windowSeconds: 1, updateMs: 100 } },
      mean: null,
      samples: [],
      processes: null,
      processesAtMs: null,
    }).missing?.reason ?? null;

  it.each([
    [{ 'power.draw': '[GPU is lost]', 'memory.used': '12' }, 'lost'],
    [{ 'power.draw': '[Unknown Error]', 'memory.used': '[Unknown Error]' }, 'lost'],
    [{ 'power.draw': '[Unknown Error]', 'memory.used': '12' }, 'failed'],
    [{ 'power.draw': '98,14 W' }, 'failed'],
    [{ 'power.draw': '[N/A]', 'memory.used': '12' }, null],
  ])('of %o is %s', (cells, reason) => expect(reasonOf(cells)).toBe(reason));
});

describe('a GPU as its rows describe it', () => {
  const cells = {
    uuid: 'GPU-a',
    name: 'NVIDIA A',
    index: '0',
    'memory.total': '1024',
    'enforced.power.limit': '150.00',
    'mig.mode.current': 'Disabled',
  };
  const rowOf = (change: Readonly<Record<string, string>> = {}) => ({
    cells: new Map(Object.entries({ ...cells, ...change })),
  });
  const first = domainFromRow(rowOf(), 8, null);

  it('is the same object while nothing changes, or a cell has no value', () => {
    expect(first).toMatchObject({ id: 'gpu:GPU-a', label: 'GPU 0', limitWatts: 150, cannotBeSplit: null });
    expect(domainFromRow(rowOf(), 8, first)).toBe(first);
    const untold = { 'enforced.power.limit': '[N/A]', 'memory.total': '[Unknown Error]', index: '' };
    expect(domainFromRow(rowOf(untold), 8, first)).toBe(first);
  });

  it.each([
    [{ 'enforced.power.limit': '450.00' }, { limitWatts: 450 }],
    [{ index: '1' }, { index: 1, label: 'GPU 1' }],
    [{ 'mig.mode.current': 'Enabled' }, { cannotBeSplit: expect.stringContaining('MIG') }],
  ])('follows %o', (change, expected) => expect(domainFromRow(rowOf(change), 8, first)).toMatchObject(expected));

  it('has another gain once its architecture is told', () =>
    expect(domainFromRow(rowOf(), 8, domainFromRow(rowOf(), null, null)).gain).toEqual({
      lowRatio: 0.95,
      highRatio: 1.08,
    }));
});
