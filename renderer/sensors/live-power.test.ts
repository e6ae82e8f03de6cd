import { expect, it } from 'vitest';
import type { LiveDevice } from '../../shared/model/live.ts';
import type { SourceReport } from '../../shared/model/sensors.ts';
import { withLivePower } from './live-power.ts';

const device = (id: string, powerWatts: number | null) => ({ domain: { id }, powerWatts }) as LiveDevice;
const source = (domainIds: string[], powerWatts: number | null) => ({ domainIds, powerWatts }) as SourceReport;
const powersOf = (sources: readonly SourceReport[]) => sources.map(({ powerWatts }) => powerWatts);

it('gives each source the sum of what its devices draw now', () => {
  const sources = [source(['gpu:0', 'gpu:1'], 590), source(['cpu:0'], 50), source(['dram:0'], 7), source([], null)];
  const devices = [device('gpu:0', 300), device('gpu:1', 310), device('cpu:0', null), device('dram:0', 7)];
  expect(powersOf(withLivePower(sources, devices))).toEqual([610, null, 7, null]);
  expect(withLivePower(sources, devices)[2]).toBe(sources[2]);
  expect(withLivePower(sources, undefined)).toBe(sources);
});
