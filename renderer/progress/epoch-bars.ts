import type { Epoch } from '../../shared/model/progress.ts';

/** A bar of the chart: value and bounds in joules, and what its unseen time may add. */
export interface EpochBar {
  readonly key: string;
  readonly index: number | null;
  readonly joules: number;
  readonly lowJoules: number;
  readonly highJoules: number;
  /** At the mean power of what was seen: how far the hatched cap reaches. */
  readonly unseenJoules: number;
  readonly isDone: boolean;
}

export type BarKind = 'epoch' | 'step';

/** Energy of each epoch, or of one of its steps. What lies outside the epochs has no bar. */
export function epochBars(epochs: readonly Epoch[], kind: BarKind): readonly EpochBar[] {
  return epochs.flatMap((epoch) => {
    const { index, joules, steps, from, coverage, isDone } = epoch;
    const per = kind === 'epoch' ? 1 : (steps ?? 0);
    if (index === null || joules === null || per <= 0) return [];
    const unseenJoules = coverage > 0 && coverage < 1 ? joules / coverage - joules : 0;
    return [
      {
        key: from,
        index,
        joules: joules / per,
        lowJoules: (epoch.lowJoules ?? joules) / per,
        highJoules: (epoch.highJoules ?? joules) / per,
        unseenJoules: unseenJoules / per,
        isDone,
      },
    ];
  });
}

/** The axis' end: the least of 1, 2, 2.5, 5 × 10ⁿ that holds every bar, and bounds up to twice the highest bar. */
export function axisEnd(bars: readonly EpochBar[]): number {
  const tallest = Math.max(0, ...bars.map((bar) => bar.joules + bar.unseenJoules));
  const most = Math.max(tallest, Math.min(2 * tallest, Math.max(0, ...bars.map((bar) => bar.highJoules))));
  if (most <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(most));
  return unit * ([1, 2, 2.5, 5, 10].find((step) => step * unit >= most) ?? 10);
}

/** Every so many bars one is named, so that names of two or three figures do not touch. */
export const nameEvery = (count: number, widthInNames = 24): number => Math.max(1, Math.ceil(count / widthInNames));
