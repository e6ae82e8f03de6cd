/** Whether a wattmeter's energy counter moves often enough to be counted with. */
export interface CounterTrust {
  readonly lastJoules: number | null;
  /** Reads in a row at which it had moved on. */
  readonly moves: number;
}

export const initialTrust: CounterTrust = { lastJoules: null, moves: 0 };

const movesToTrust = 5;
/** 0.001 Wh, the finest that plugs write. A coarser one says less than power does once a second. */
const coarsestStepJoules = 5;

/**
 * Firmware differs in when it writes its counter: each second, each minute, or at a change of power. It is counted with once it has moved at five reads
 * in a row and until the first at which it has not; power speaks meanwhile.
 */
export function stepTrust(trust: CounterTrust, counterJoules: number | null, stepJoules: number): CounterTrust {
  if (counterJoules === null || stepJoules > coarsestStepJoules) return initialTrust;
  const hasMoved = trust.lastJoules !== null && counterJoules > trust.lastJoules;
  return { lastJoules: counterJoules, moves: hasMoved ? trust.moves + 1 : 0 };
}

export const isTrusted = (trust: CounterTrust): boolean => trust.moves >= movesToTrust;
