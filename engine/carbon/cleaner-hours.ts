import type { CleanerHours, IntensityPoint } from '../../shared/model/carbon.ts';
import { msFromHours } from '../../shared/units.ts';

const dayHours = 24;

/**
 * The cleanest window of `hours` that begins between now and the end of the forecast, at most `withinHours` ahead, and what it saves against beginning
 * now. Windows begin now or where a forecast value begins, and count only where the forecast covers them whole. Null where it does not cover now.
 */
export function cleanerHours(
  forecast: readonly IntensityPoint[],
  input: { readonly nowMs: number; readonly hours: number; readonly withinHours?: number },
): CleanerHours | null {
  const { nowMs, hours, withinHours = dayHours * 2 } = input;
  const lengthMs = msFromHours(hours);
  const untilMs = nowMs + msFromHours(withinHours);
  const starts = [nowMs, ...forecast.map((point) => point.fromMs).filter((fromMs) => fromMs > nowMs)];
  const now = meanOver(forecast, nowMs, nowMs + lengthMs);
  if (now === null) return null;
  let best = { fromMs: nowMs, mean: now };
  for (const fromMs of starts) {
    if (fromMs + lengthMs > untilMs) continue;
    const mean = meanOver(forecast, fromMs, fromMs + lengthMs);
    // The earlier of two that are as clean.
    if (mean !== null && mean < best.mean) best = { fromMs, mean };
  }
  return {
    hours,
    fromMs: best.fromMs,
    toMs: best.fromMs + lengthMs,
    intensityGramsCO2ePerKwh: best.mean,
    nowIntensityGramsCO2ePerKwh: now,
    savingRatio: now > 0 ? 1 - best.mean / now : 0,
  };
}

/** Time-weighted mean; null unless every moment of it is covered. */
function meanOver(points: readonly IntensityPoint[], fromMs: number, toMs: number): number | null {
  let coveredMs = 0;
  let sum = 0;
  for (const point of points) {
    const partMs = Math.min(point.toMs, toMs) - Math.max(point.fromMs, fromMs);
    if (partMs <= 0) continue;
    coveredMs += partMs;
    sum += point.gramsCO2ePerKwh * partMs;
  }
  return coveredMs >= toMs - fromMs ? sum / coveredMs : null;
}
