import { describe, expect, it } from 'vitest';
import type { LiveDevice } from '../../shared/model/live.ts';
import type { GpuProcessRow } from '../../shared/model/processes.ts';
import { processOrder } from './process-order.ts';

const device = (id: string): LiveDevice => ({ domain: { id } }) as LiveDevice;
const row = (pid: number, domainId: string, smRatio: number): GpuProcessRow =>
  ({ pid, domainId, smRatio }) as GpuProcessRow;

describe('the order of processes', () => {
  it('is that of the device table, then of pids, whatever they use at the moment', () => {
    const devices = [device('gpu:b'), device('gpu:a')];
    const rows = [
      row(9, 'gpu:a', 0.1),
      row(3, 'gpu:gone', 1),
      row(7, 'gpu:b', 0.2),
      row(5, 'gpu:a', 0.9),
      row(6, 'gpu:b', 0),
    ];
    expect(processOrder(rows, devices).map(({ pid }) => pid)).toEqual([6, 7, 5, 9, 3]);
  });
});
