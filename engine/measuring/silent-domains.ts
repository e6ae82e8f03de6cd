import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import { type SourceReading, unknownValues } from '../sources/source.ts';
import type { DomainState } from './domain-state.ts';

/** Sources say by themselves when they hear nothing, after 10 s at the latest; a plug that is asked three questions in turn takes 6 s. */
const longestSilenceMs = 15_000;
const longestSilencePeriods = 3;

/**
 * A missing reading for every domain that nobody has said anything of for longer than its source may rest: a source that was closed and has no successor, a
 * column that is gone from a tool's rows. What was read last is no power of now, and that time is a gap with a name.
 */
export function silentReadings(
  states: Iterable<DomainState>,
  nowMs: number,
  periodSeconds: number,
): readonly SourceReading[] {
  return [...states].flatMap(({ reading }) => {
    if (reading === null || reading.missing !== null) return [];
    const usualMs = Math.max(longestSilenceMs, longestSilencePeriods * msFromSeconds(periodSeconds));
    const silentMs = nowMs - reading.atMs;
    if (silentMs <= usualMs + msFromSeconds(reading.restSeconds)) return [];
    const note = `Its source has said nothing of it for ${Math.round(secondsFromMs(silentMs))} s.`;
    const { domain, error } = reading;
    return [{ domain, ...unknownValues, atMs: nowMs, error, missing: { reason: 'no-reading' as const, note } }];
  });
}
