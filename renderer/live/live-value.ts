import type { Quantity, SeriesOf } from '../../shared/model/history.ts';
import type { LiveState } from '../../shared/model/live.ts';

/** The newest reading of a series, as history will have it in a moment; null when it is not known now. */
export function liveValue(live: LiveState, of: SeriesOf, quantity: Quantity): number | null {
  switch (of.kind) {
    case 'machine':
      return quantity === 'powerWatts' ? live.machine.powerWatts : null;
    case 'unattributed':
      return quantity === 'powerWatts' ? live.unattributedWatts : null;
    case 'run':
      return quantity === 'powerWatts' ? (live.runs.find((run) => run.id === of.runId)?.powerWatts ?? null) : null;
    case 'domain':
      return live.devices.find((device) => device.domain.id === of.domainId)?.[quantity] ?? null;
    case 'run-domain': {
      // The frame does not say how a shared device splits; evenly will do until history does, seconds later.
      const device = live.devices.find((each) => each.domain.id === of.domainId);
      if (device === undefined || device.powerWatts === null || !device.runIds.includes(of.runId)) return null;
      return quantity === 'powerWatts' ? device.powerWatts / device.runIds.length : null;
    }
  }
}
