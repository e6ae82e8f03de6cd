import type { AxisTicks } from './ticks.ts';

/** An axis in steps of 1, 2 or 5 that holds both ends, wherever it begins: three to seven lines. */
export function rangeTicks(lowest: number, highest: number): AxisTicks {
  const [low, high] = [lowest, highest].map((end) => (Number.isFinite(end) ? end : 0)) as [number, number];
  const span = high > low ? high - low : Math.abs(high) || 1;
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough - power * 1e-9) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const values = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { min: values[0] ?? 0, max: values.at(-1) ?? 1, values };
}
