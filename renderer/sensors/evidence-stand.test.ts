import { expect, it } from 'vitest';
import type { LiveDevice } from '../../shared/model/live.ts';
import { standParts } from './evidence-stand.ts';

const device = (
  id: string,
  kind: 'gpu' | 'cpu' | 'platform',
  provenance: LiveDevice['provenance'],
  powerWatts: number | null,
) => ({ domain: { id, kind }, provenance, powerWatts }) as LiveDevice;

it('sums by kind of device and evidence, firmest first, and leaves out what contains others', () => {
  // 300 + 300 W of GPU counters, 100 W of CPU counters, 200 W of a GPU sensor: 900 W. The platform's 1,000 W holds them all.
  const parts = standParts([
    device('gpu:0', 'gpu', 'counter', 300),
    device('gpu:1', 'gpu', 'sensor', 200),
    device('gpu:2', 'gpu', 'counter', 300),
    device('cpu:0', 'cpu', 'counter', 100),
    device('gpu:3', 'gpu', 'counter', null),
    device('platform', 'platform', 'counter', 1000),
  ]);
  expect(parts.map(({ kind, provenance, powerWatts }) => [kind, provenance, powerWatts])).toEqual([
    ['gpu', 'counter', 600],
    ['cpu', 'counter', 100],
    ['gpu', 'sensor', 200],
  ]);
  expect(parts[0]?.ratio).toBeCloseTo(600 / 900, 12);
});

it('stands on nothing where nothing is read', () => {
  expect(standParts([device('gpu:0', 'gpu', 'counter', null)])).toEqual([]);
});
