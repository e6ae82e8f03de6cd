import type { Quantity } from '../../shared/model/history.ts';
import type { LiveDevice } from '../../shared/model/live.ts';

/** Key of a device's series in a history asked for by quantity. */
export const seriesKey = (device: LiveDevice, quantity: Quantity): string => `${quantity} ${device.domain.id}`;
