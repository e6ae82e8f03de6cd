import { describe, expect, it } from 'vitest';
import { exampleReading } from '../../tests/examples.ts';
import type { SourceReading } from '../sources/source.ts';
import { seeUsers, type UserList, usersSince } from './user-lists.ts';

const on = (...pids: readonly number[]) =>
  pids.map((pid) => ({ pid, name: null, memoryUsedBytes: null, smRatio: null }));
const listed = (askedAtMs: number, ...pids: readonly number[]): UserList => ({ processes: on(...pids), askedAtMs });
const seen = (...changes: readonly Partial<SourceReading>[]): readonly UserList[] =>
  changes.reduce<readonly UserList[]>((lists, change) => seeUsers(lists, exampleReading(0, change)), []);
const asked = (lists: readonly UserList[]): readonly (number | null)[] => lists.map(({ askedAtMs }) => askedAtMs);

describe('the lists of a GPU’s processes', () => {
  it('are kept once each, however many readings carry the same', () => {
    const first = { processes: on(7), processesAtMs: 1000 };
    const second = { processes: on(), processesAtMs: 3000 };
    expect(seen(first, first, second, second)).toEqual([listed(1000, 7), listed(3000)]);
  });

  it('stay as they are while there is no reading', () => {
    const list = { processes: on(7), processesAtMs: 1000 };
    expect(seen(list, { missing: { reason: 'timeout', note: 'It hangs.' } })).toEqual([listed(1000, 7)]);
  });

  it('are none any more where the driver does not tell', () => {
    expect(seen({ processes: on(7), processesAtMs: 1000 }, {})).toEqual([{ processes: null, askedAtMs: null }]);
    expect(seen({}, { processes: on(7), processesAtMs: 1000 })).toEqual([listed(1000, 7)]);
  });
});

describe('the lists that tell of a time', () => {
  const lists = [listed(1000, 7), listed(3000, 7), listed(5000)];

  it('begin with the newest that was asked for before it', () => {
    expect(asked(usersSince(lists, 2500))).toEqual([1000, 3000, 5000]);
    expect(asked(usersSince(lists, 3500))).toEqual([3000, 5000]);
    expect(asked(usersSince(lists, 9000))).toEqual([5000]);
  });

  it('begin with one that was asked for right after its beginning', () => {
    // Energy is read first, and then the list: 10 ms later.
    expect(asked(usersSince(lists, 2990))).toEqual([3000, 5000]);
  });

  it('are all there are of a time before the first', () =>
    expect(asked(usersSince(lists, 0))).toEqual([1000, 3000, 5000]));
});
