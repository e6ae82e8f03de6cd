import type { DeviceHealth } from '../../shared/model/health.ts';
import type { Scene } from './traces.ts';

/** Every state of a device's health: counts, an uncorrected error, rows that wait and that failed, an XID, a driver that does not tell. */
export function healthOf(scene: Scene, index: number): DeviceHealth | null {
  if (index === 7) return null;
  return {
    eccCorrectedCount: index === 6 ? null : index * 3,
    eccUncorrectedCount: index === 6 ? null : index === 4 ? 1 : 0,
    remappedRowCount: index === 6 ? null : index === 3 || index === 4 ? 2 : 0,
    isRemapPending: index === 6 ? null : index === 4,
    hasRemapFailed: index === 6 ? null : index === 3,
    xid: index === 3 ? { code: 63, atMs: scene.startMs - 41 * 60_000 } : null,
  };
}
