/**
 * Where the median of what these are drawn from lies with a certainty of 95 % or more: two of the values themselves, by the sign test. It asks nothing of how
 * they are spread. Of fewer than six nothing is certain: then the least and the greatest.
 */
export function medianInterval(values: readonly number[]): { readonly low: number; readonly high: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const count = sorted.length;
  // P(at most k of n lie below the median), n coins: the share of 2^n that is C(n, 0) + … + C(n, k).
  let one = 2 ** -count;
  let below = one;
  let k = 0;
  while (below <= 0.025 && k < count / 2) {
    k++;
    one *= (count - k + 1) / k;
    below += one;
  }
  const rank = Math.max(0, k - 1);
  return { low: sorted[rank] ?? Number.NaN, high: sorted[count - 1 - rank] ?? Number.NaN };
}
