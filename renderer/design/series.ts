/** The eight series colours, as token names. Four are told apart by hue and lightness alone, the rest by dashes too. */
export const seriesColors = ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8'] as const;
export type SeriesColor = (typeof seriesColors)[number];

/** A run's colour wherever it is drawn; `colorIndex` 0…7. */
export function seriesColor(colorIndex: number): SeriesColor {
  return seriesColors[((colorIndex % 8) + 8) % 8] ?? 's1';
}

const dashes = [[], [], [], [], [7, 3], [2, 2], [7, 3, 2, 3], [12, 3]] as const;
const contrastDashes = [[], [7, 3], [2, 2], [9, 3, 2, 3], [12, 4], [1, 3], [5, 2], [12, 3, 2, 3, 2, 3]] as const;

/** Dash pattern of the n-th series; in high contrast all but the first are dashed. */
export function seriesDash(index: number, isContrast = false): readonly number[] {
  return (isContrast ? contrastDashes : dashes)[index % 8] ?? [];
}

const tints = [84, 74, 64, 55] as const;

/** Share of a run's colour in its n-th device's tint, in percent; 42 stands for its share of CPU and memory. */
export function tintPercent(index: number): number {
  return tints[index % tints.length] ?? 42;
}
export const restTintPercent = 42;

/** A CSS colour for words in a series colour: 62 % of it with ink, readable on every ground. */
export function seriesWordColor(color: SeriesColor): string {
  return `color-mix(in oklab, var(--${color}) 62%, var(--ink))`;
}
