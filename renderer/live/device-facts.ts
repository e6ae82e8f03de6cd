import type { LiveDevice } from '../../shared/model/live.ts';
import { notableDisagreementRatio } from '../../shared/model/run-facts.ts';

/** True where power samples and the energy counter of one device are too far apart to be left unsaid. */
export const isDisagreeing = ({ disagreementRatio }: Pick<LiveDevice, 'disagreementRatio'>): boolean =>
  disagreementRatio !== null && Math.abs(disagreementRatio) > notableDisagreementRatio;

/** Keys under `live.throttle`, by the names that sources give. */
const throttleKeys: Readonly<Record<string, string>> = {
  'power cap': 'power-cap',
  heat: 'heat',
  'heat (hardware)': 'heat-hardware',
  'hardware slowdown': 'hardware-slowdown',
  'power brake': 'power-brake',
};

/** Words for why a device is held back; a reason that has none is said as its source names it. */
export function throttleWords(reasons: readonly string[], word: (key: string) => string): readonly string[] {
  return reasons.map((reason) => {
    const key = throttleKeys[reason];
    return key === undefined ? reason : word(`live.throttle.${key}`);
  });
}

/** A power cap is somebody's choice; heat and the hardware's own protection are nobody's. */
export const isHeldAgainstWill = (reasons: readonly string[]): boolean =>
  reasons.some((reason) => reason !== 'power cap');

/** What stands in the run's column of a device that works for none: why it draws, or since when it does not. */
export function idleNote(device: Pick<LiveDevice, 'state'>): 'held' | 'since' | 'none' {
  switch (device.state) {
    case 'held-idle':
      return 'held';
    case 'asleep':
    case 'lost':
      return 'since';
    default:
      return 'none';
  }
}
