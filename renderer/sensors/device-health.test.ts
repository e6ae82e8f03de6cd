import { describe, expect, it } from 'vitest';
import type { DeviceHealth } from '../../shared/model/health.ts';
import type { LiveDevice } from '../../shared/model/live.ts';
import { hasTrouble, healthRows, remapTone } from './device-health.ts';

const untold: DeviceHealth = {
  eccCorrectedCount: null,
  eccUncorrectedCount: null,
  remappedRowCount: null,
  isRemapPending: null,
  hasRemapFailed: null,
  xid: null,
};
const device = (kind: 'gpu' | 'cpu', changes: Partial<LiveDevice> = {}): LiveDevice =>
  ({
    domain: { id: `${kind}:0`, kind },
    health: null,
    idleWatts: null,
    disagreementRatio: null,
    throttleReasons: [],
    ...changes,
  }) as unknown as LiveDevice;
const remap = (health: Partial<DeviceHealth>) => {
  const row = healthRows([device('gpu', { health: { ...untold, ...health } })])[0];
  return row?.remap;
};

describe('a device’s row of health', () => {
  it('is there for every GPU, and for others where there is something to tell', () => {
    const rows = healthRows([device('gpu'), device('cpu'), device('cpu', { idleWatts: 12 })]);
    expect(rows.map((row) => [row.device.domain.kind, row.device.idleWatts])).toEqual([
      ['gpu', null],
      ['cpu', 12],
    ]);
  });

  it('says the gravest of its memory: failed before pending before counted', () => {
    expect(remap({ hasRemapFailed: true, isRemapPending: true, remappedRowCount: 9 })).toEqual({
      word: 'failed',
      count: 9,
    });
    expect(remap({ hasRemapFailed: false, isRemapPending: true, remappedRowCount: 2 })).toEqual({
      word: 'pending',
      count: 2,
    });
    expect(remap({ hasRemapFailed: false, isRemapPending: false, remappedRowCount: 2 })).toEqual({
      word: 'count',
      count: 2,
    });
    expect(remap({ hasRemapFailed: false, isRemapPending: false, remappedRowCount: 0 })).toEqual({
      word: 'none',
      count: 0,
    });
  });

  it('does not take silence for health', () => expect(remap({})?.word).toBe('untold'));
});

it('colours only what is wrong', () => {
  expect((['failed', 'pending', 'count', 'none', 'untold'] as const).map(remapTone)).toEqual([
    'crit',
    'warn',
    'plain',
    'plain',
    'plain',
  ]);
});

it('calls it trouble when something was not corrected, waits, failed or was reported; not when it was corrected', () => {
  const trouble = (health: Partial<DeviceHealth>) =>
    hasTrouble(healthRows([device('gpu', { health: { ...untold, ...health } })]));
  expect(trouble({ eccCorrectedCount: 5, remappedRowCount: 1 })).toBe(false);
  expect(trouble({ eccUncorrectedCount: 1 })).toBe(true);
  expect(trouble({ isRemapPending: true })).toBe(true);
  expect(trouble({ hasRemapFailed: true })).toBe(true);
  expect(trouble({ xid: { code: 79, atMs: 0 } })).toBe(true);
});
