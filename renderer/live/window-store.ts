import { create } from 'zustand';
import { recall, remember } from '../app/browser-memory.ts';
import { lookBack, type TimeRange, type TimeWindow, type WindowKey, windowKeys } from './time-window.ts';

const memoryKey = 'wattrun.window';

function storedKey(): WindowKey {
  const stored = recall(memoryKey);
  return windowKeys.find((key) => key === stored) ?? '15m';
}

/** The window that Live shows, for whoever sets it: its own controls, keys, charts, and the palette. */
export const useTimeWindow = create<{ readonly window: TimeWindow }>(() => ({
  window: { kind: 'live', key: storedKey() },
}));

/** The newest so-and-so long; remembered. */
export function chooseWindow(key: WindowKey): void {
  remember(memoryKey, key);
  useTimeWindow.setState({ window: { kind: 'live', key } });
}

export function goLive(): void {
  useTimeWindow.setState(({ window }) => ({ window: { kind: 'live', key: window.key } }));
}

/** A span the user looks back at, never past the newest reading. */
export function lookAt(range: TimeRange, nowMs: number): void {
  useTimeWindow.setState(({ window }) => ({ window: lookBack(window, range, nowMs) }));
}
