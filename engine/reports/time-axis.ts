const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30]
  .concat([1, 2, 5, 10, 15, 30].map((count) => count * minute))
  .concat([1, 2, 3, 6, 12].map((count) => count * hour));
const mostSteps = 5;

/** Round times from a start to `seconds` after it, six at most: 17.2 s have 0, 5, 10 and 15 s. */
export function elapsedTicks(seconds: number): readonly number[] {
  const step = steps.find((each) => seconds / each <= mostSteps) ?? Math.ceil(seconds / mostSteps / day) * day;
  return Array.from({ length: Math.floor(seconds / step + 1e-9) + 1 }, (_, index) => index * step);
}
