/**
 * Where the median of what these are drawn from lies with a certainty of 95 % or more: two of the values themselves, by the sign test. It asks nothing of how
 * they are spread. Of fewer than six nothing is certain: then the least and the greatest.
 */
export function medianInterval(values: readonly number[]): { readonly low: number; readonly high: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = sorted.length > mostCounted ? rankOfMany(sorted.length) : rankOfFew(sorted.length);
  return { low: sorted[rank] ?? Number.NaN, high: sorted[sorted.length - 1 - rank] ?? Number.NaN };
}

/** 2^-n is no number any more for n above 1074. */
const mostCounted = 1000;

/** By the normal distribution, which the binomial one is so near by then that the rank is the same or one less. */
const rankOfMany = (count: number): number => Math.max(0, Math.floor(count / 2 - (1.96 * Math.sqrt(count)) / 2) - 1);

function rankOfFew(count: number): number {
  // P(at most k of n lie below the median), n coins: the share of 2^n that is C(n, 0) + … + C(n, k).
  let one = 2 ** -count;
  let below = one;
  let k = 0;
  while (below <= 0.025 && k < count / 2) {
    k++;
    one *= (count - k + 1) / k;
    below += one;
  }
  return Math.max(0, k - 1);
}
