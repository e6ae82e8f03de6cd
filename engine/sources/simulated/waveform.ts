/** Power with a closed form, so that its energy between any two moments is known exactly. */
export interface Waveform {
  readonly meanWatts: number;
  readonly rippleWatts: number;
  readonly ripplePeriodSeconds: number;
  /** Every `dipEverySeconds`, for `dipSeconds`, the power falls by `dipWatts`: data loading, evaluation, a checkpoint. */
  readonly dipWatts: number;
  readonly dipEverySeconds: number;
  readonly dipSeconds: number;
}

/** P(t) = mean + ripple · sin(2πt/T), less the dip while it lasts. `seconds` since the waveform began. */
export function powerAt(wave: Waveform, seconds: number): number {
  const ripple = wave.rippleWatts * Math.sin((2 * Math.PI * seconds) / wave.ripplePeriodSeconds);
  const isDipping = wave.dipSeconds > 0 && seconds % wave.dipEverySeconds >= wave.dipEverySeconds - wave.dipSeconds;
  return wave.meanWatts + ripple - (isDipping ? wave.dipWatts : 0);
}

/** ∫ P from 0 to `seconds`, in joules. */
export function energyUntil(wave: Waveform, seconds: number): number {
  const period = wave.ripplePeriodSeconds;
  const ripple = ((wave.rippleWatts * period) / (2 * Math.PI)) * (1 - Math.cos((2 * Math.PI * seconds) / period));
  const whole = wave.dipSeconds > 0 ? Math.floor(seconds / wave.dipEverySeconds) : 0;
  const rest =
    wave.dipSeconds > 0 ? Math.max(0, (seconds % wave.dipEverySeconds) - (wave.dipEverySeconds - wave.dipSeconds)) : 0;
  return wave.meanWatts * seconds + ripple - wave.dipWatts * (whole * wave.dipSeconds + rest);
}

/** A waveform that holds between two moments (seconds on the simulation's clock). */
export interface Segment {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly wave: Waveform;
}

export const constantPower = (meanWatts: number, rippleWatts = 0, ripplePeriodSeconds = 60): Waveform => ({
  meanWatts,
  rippleWatts,
  ripplePeriodSeconds,
  dipWatts: 0,
  dipEverySeconds: 1,
  dipSeconds: 0,
});

/** Power of a device that idles outside its segments. */
export function segmentPower(segments: readonly Segment[], idle: Waveform, seconds: number): number {
  const active = segments.find((segment) => seconds >= segment.fromSeconds && seconds < segment.toSeconds);
  return active === undefined ? powerAt(idle, seconds) : powerAt(active.wave, seconds - active.fromSeconds);
}

/** Exact joules between two moments. */
export function segmentEnergy(
  segments: readonly Segment[],
  idle: Waveform,
  fromSeconds: number,
  toSeconds: number,
): number {
  let joules = energyUntil(idle, toSeconds) - energyUntil(idle, fromSeconds);
  for (const segment of segments) {
    const from = Math.max(fromSeconds, segment.fromSeconds);
    const to = Math.min(toSeconds, segment.toSeconds);
    if (to <= from) continue;
    joules +=
      energyUntil(segment.wave, to - segment.fromSeconds) - energyUntil(segment.wave, from - segment.fromSeconds);
    joules -= energyUntil(idle, to) - energyUntil(idle, from);
  }
  return joules;
}
