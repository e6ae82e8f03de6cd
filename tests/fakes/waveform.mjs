/**
 * Power as a closed form of time, shared by every fake and by the tests that check them: the fake prints
 * what these functions give, and the test computes the truth from the same functions.
 *
 * Time is in seconds since phase zero and may be negative.
 *
 *   constant   highWatts, always
 *   square     highWatts for the first dutyRatio of each period, lowWatts for the rest
 *   sine       (low + high) / 2 + (high - low) / 2 * sin(2 pi t / period)
 *   ramp       a saw tooth: from lowWatts up to highWatts over each period, then back at once
 *
 * @typedef {object} Wave
 * @property {'constant' | 'square' | 'sine' | 'ramp'} kind
 * @property {number} highWatts
 * @property {number} [lowWatts] default 0
 * @property {number} [periodSeconds] default 1
 * @property {number} [dutyRatio] 0..1, default 0.5, square only
 *
 * @typedef {object} Sensor
 * @property {'average-1s' | 'instant' | '25ms-per-100ms'} kind
 * @property {number} [updateMs] how often the sensor renews its value, default 100
 */

/** @param {Wave} wave */
function complete(wave) {
  return { lowWatts: 0, periodSeconds: 1, dutyRatio: 0.5, ...wave };
}

/**
 * Power at one moment, in watts.
 * @param {Wave} wave
 * @param {number} atSeconds
 * @returns {number}
 */
export function powerWatts(wave, atSeconds) {
  const { kind, lowWatts, highWatts, periodSeconds, dutyRatio } = complete(wave);
  const phase = atSeconds / periodSeconds - Math.floor(atSeconds / periodSeconds);
  switch (kind) {
    case 'constant':
      return highWatts;
    case 'square':
      return phase < dutyRatio ? highWatts : lowWatts;
    case 'sine':
      return (lowWatts + highWatts) / 2 + ((highWatts - lowWatts) / 2) * Math.sin(2 * Math.PI * phase);
    case 'ramp':
      return lowWatts + (highWatts - lowWatts) * phase;
  }
}

/**
 * Exact energy since phase zero, in joules; negative before it.
 * @param {Wave} wave
 * @param {number} untilSeconds
 * @returns {number}
 */
function energySinceZeroJoules(wave, untilSeconds) {
  const { kind, lowWatts, highWatts, periodSeconds, dutyRatio } = complete(wave);
  const periods = Math.floor(untilSeconds / periodSeconds);
  const restSeconds = untilSeconds - periods * periodSeconds;
  const meanWatts = (lowWatts + highWatts) / 2;
  switch (kind) {
    case 'constant':
      return highWatts * untilSeconds;
    case 'square': {
      const highSeconds = dutyRatio * (periods * periodSeconds) + Math.min(restSeconds, dutyRatio * periodSeconds);
      return highWatts * highSeconds + lowWatts * (untilSeconds - highSeconds);
    }
    case 'sine': {
      // The integral of sin over whole periods is zero, so only the rest of the period counts.
      const swing = (1 - Math.cos((2 * Math.PI * restSeconds) / periodSeconds)) * (periodSeconds / (2 * Math.PI));
      return meanWatts * untilSeconds + ((highWatts - lowWatts) / 2) * swing;
    }
    case 'ramp': {
      const rise = ((highWatts - lowWatts) * restSeconds ** 2) / (2 * periodSeconds);
      return meanWatts * periods * periodSeconds + lowWatts * restSeconds + rise;
    }
  }
}

/**
 * Exact energy between two moments, in joules.
 * @param {Wave} wave
 * @param {number} fromSeconds
 * @param {number} toSeconds
 * @returns {number}
 */
export function energyJoules(wave, fromSeconds, toSeconds) {
  return energySinceZeroJoules(wave, toSeconds) - energySinceZeroJoules(wave, fromSeconds);
}

/**
 * Exact mean power between two moments, in watts.
 * @param {Wave} wave
 * @param {number} fromSeconds
 * @param {number} toSeconds
 * @returns {number}
 */
export function meanWatts(wave, fromSeconds, toSeconds) {
  return energyJoules(wave, fromSeconds, toSeconds) / (toSeconds - fromSeconds);
}

/**
 * The last moment at which a sensor with this period renewed its value.
 * @param {number} atSeconds
 * @param {number} updateMs
 */
export function lastUpdateSeconds(atSeconds, updateMs) {
  const atMs = Math.round(atSeconds * 1e6) / 1e3;
  return (Math.floor(atMs / updateMs) * updateMs) / 1000;
}

/**
 * What the driver would report at one moment, in watts; null is what it does not offer.
 *
 * average-1s (Ampere but GA100, Ada, Hopper): draw and average are the exact mean of the last second
 * before the last update. 25ms-per-100ms (A100): the mean of the last 25 ms before the update.
 * instant (Turing and older): the power at the update.
 *
 * @param {Wave} wave
 * @param {Sensor} sensor
 * @param {number} atSeconds
 * @returns {{ drawWatts: number, averageWatts: number | null, instantWatts: number }}
 */
export function readSensor(wave, sensor, atSeconds) {
  const updateSeconds = lastUpdateSeconds(atSeconds, sensor.updateMs ?? 100);
  switch (sensor.kind) {
    case 'average-1s': {
      const averageWatts = meanWatts(wave, updateSeconds - 1, updateSeconds);
      return { drawWatts: averageWatts, averageWatts, instantWatts: powerWatts(wave, updateSeconds) };
    }
    case '25ms-per-100ms': {
      const windowWatts = meanWatts(wave, updateSeconds - 0.025, updateSeconds);
      return { drawWatts: windowWatts, averageWatts: null, instantWatts: windowWatts };
    }
    case 'instant': {
      const instantWatts = powerWatts(wave, updateSeconds);
      return { drawWatts: instantWatts, averageWatts: null, instantWatts };
    }
  }
}
