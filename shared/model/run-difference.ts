import type { Bounded } from '../format/band.ts';

/** How one run's figure stands to the reference's. Ratios are of the reference: −0.04 is 4 % less. */
export type Difference =
  | { readonly kind: 'reference' }
  | { readonly kind: 'unknown'; readonly why: 'missing' | 'running' | 'currency' }
  | { readonly kind: 'equal' }
  /** Both may be one and the same number, for all that is known of them. */
  | { readonly kind: 'within-bounds'; readonly ratio: number | null }
  /** The reference is 0, of which nothing is a percentage. */
  | { readonly kind: 'from-zero' }
  | {
      readonly kind: 'differs';
      readonly ratio: number;
      readonly lowRatio: number | null;
      readonly highRatio: number | null;
    };

/** A tenth of a percent is the last digit shown: what rounds to none of it is no difference to anyone. */
const leastShownRatio = 0.0005;

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A number without bounds is taken at its word. */
const intervalOf = ({ low, high }: Bounded, value: number): Interval => ({ low: low ?? value, high: high ?? value });

const hasBounds = ({ low, high }: Bounded): boolean => low !== null && high !== null;

/**
 * Compares a figure with the reference's. Bounds are limits, not deviations, and two of the same sensor may err the same way or
 * not: they are added up, so that two numbers differ only where their bounds do not touch.
 */
export function differenceOf(value: Bounded, reference: Bounded): Difference {
  if (value.value === null || reference.value === null) return { kind: 'unknown', why: 'missing' };
  const isBounded = hasBounds(value) || hasBounds(reference);
  const own = intervalOf(value, value.value);
  const other = intervalOf(reference, reference.value);
  const ratio = reference.value === 0 ? null : (value.value - reference.value) / Math.abs(reference.value);
  if (isBounded && own.low <= other.high && other.low <= own.high) return { kind: 'within-bounds', ratio };
  const isUnseen = !isBounded && ratio !== null && Math.abs(ratio) < leastShownRatio;
  if (value.value === reference.value || isUnseen) return { kind: 'equal' };
  if (ratio === null) return { kind: 'from-zero' };
  // Below zero a quotient of bounds turns round, and nothing that has bounds here lies there.
  const canBound = isBounded && other.low > 0 && own.low >= 0;
  return {
    kind: 'differs',
    ratio,
    lowRatio: canBound ? own.low / other.high - 1 : null,
    highRatio: canBound ? own.high / other.low - 1 : null,
  };
}

/** True where the run is known to be another than the reference in this. */
export const isKnownToDiffer = ({ kind }: Difference): boolean => kind === 'differs' || kind === 'from-zero';

/** Whether a difference is an improvement; null where it is neither, or not known to be a difference at all. */
export function judgeDifference(difference: Difference, better: 'less' | 'more' | null): 'good' | 'bad' | null {
  if (better === null || !isKnownToDiffer(difference)) return null;
  const isMore = difference.kind === 'from-zero' || (difference.kind === 'differs' && difference.ratio > 0);
  return isMore === (better === 'more') ? 'good' : 'bad';
}
