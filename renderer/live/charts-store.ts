import { create } from 'zustand';
import { recall, remember } from '../app/browser-memory.ts';
import { type ChosenChart, chartsText, defaultCharts, parseCharts } from './chart-layout.ts';

const memoryKey = 'wattrun.charts';

interface ChartsState {
  readonly charts: readonly ChosenChart[];
  /** While true each chart shows what can be done to it. */
  readonly isArranging: boolean;
}

/** The charts of the Charts view, as they were left the last time. */
export const useChosenCharts = create<ChartsState>(() => ({
  charts: parseCharts(recall(memoryKey)),
  isArranging: false,
}));

export function chooseCharts(change: (charts: readonly ChosenChart[]) => readonly ChosenChart[]): void {
  const charts = change(useChosenCharts.getState().charts);
  remember(memoryKey, chartsText(charts));
  useChosenCharts.setState({ charts });
}

export const resetCharts = (): void => chooseCharts(() => defaultCharts);

export const arrangeCharts = (isArranging: boolean): void => useChosenCharts.setState({ isArranging });
