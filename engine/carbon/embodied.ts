import type { EmbodiedItem } from '../../shared/model/carbon.ts';
import { gramsFromKilograms, secondsFromYears } from '../../shared/units.ts';

/**
 * M of ISO/IEC 21031 in grams of CO2e: Σ declared kg × run time / service life, × the run's share of the machine. A year has 365.25 days (Julian).
 * `shareRatio` in [0, 1].
 */
export function embodiedGrams(items: readonly EmbodiedItem[], durationSeconds: number, shareRatio: number): number {
  return items.reduce(
    (sum, { kilogramsCO2e, serviceLifeYears }) =>
      sum + gramsFromKilograms(kilogramsCO2e) * (durationSeconds / secondsFromYears(serviceLifeYears)) * shareRatio,
    0,
  );
}
