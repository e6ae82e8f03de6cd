import type { LiveDevice } from '../../shared/model/live.ts';
import type { GpuProcessRow } from '../../shared/model/processes.ts';

/** By GPU as in the device table, then by pid: a row keeps its place whatever the process does. */
export function processOrder(
  processes: readonly GpuProcessRow[],
  devices: readonly LiveDevice[],
): readonly GpuProcessRow[] {
  const places = new Map(devices.map((device, place) => [device.domain.id, place]));
  const placeOf = ({ domainId }: GpuProcessRow): number => places.get(domainId) ?? devices.length;
  return [...processes].sort((a, b) => placeOf(a) - placeOf(b) || a.pid - b.pid);
}
