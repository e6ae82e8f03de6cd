import { energyUntil, powerAt, type Segment, segmentEnergy, segmentPower, type Waveform } from './waveform.ts';

/** Power as a closed form of the simulation's time, so that the energy between any two moments is known exactly. Pure. */
export interface PowerCurve {
  wattsAt(seconds: number): number;
  joulesBetween(fromSeconds: number, toSeconds: number): number;
}

/** Mean power of a stretch; of an empty one the power at its end. */
export const meanWattsOf = (curve: PowerCurve, fromSeconds: number, toSeconds: number): number =>
  toSeconds > fromSeconds
    ? curve.joulesBetween(fromSeconds, toSeconds) / (toSeconds - fromSeconds)
    : curve.wattsAt(toSeconds);

/** A device that idles outside its segments, of which no two overlap. */
export const curveOfSegments = (segments: readonly Segment[], idle: Waveform): PowerCurve => ({
  wattsAt: (seconds) => segmentPower(segments, idle, seconds),
  joulesBetween: (fromSeconds, toSeconds) => segmentEnergy(segments, idle, fromSeconds, toSeconds),
});

export const curveOfWave = (wave: Waveform): PowerCurve => curveOfSegments([], wave);

/** A load that draws while it lasts, from its own beginning on, and nothing before and after. */
export const curveOfSegment = ({ fromSeconds, toSeconds, wave }: Segment): PowerCurve => ({
  wattsAt: (seconds) => (seconds >= fromSeconds && seconds < toSeconds ? powerAt(wave, seconds - fromSeconds) : 0),
  joulesBetween(askedFromSeconds, askedToSeconds) {
    const from = Math.max(fromSeconds, askedFromSeconds);
    const to = Math.min(toSeconds, askedToSeconds);
    return to <= from ? 0 : energyUntil(wave, to - fromSeconds) - energyUntil(wave, from - fromSeconds);
  },
});

export const sumOfCurves = (curves: readonly PowerCurve[]): PowerCurve => ({
  wattsAt: (seconds) => curves.reduce((sum, curve) => sum + curve.wattsAt(seconds), 0),
  joulesBetween: (fromSeconds, toSeconds) =>
    curves.reduce((sum, curve) => sum + curve.joulesBetween(fromSeconds, toSeconds), 0),
});
