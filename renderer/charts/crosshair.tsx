import { createContext, type ReactNode, useContext, useState } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';

interface CrosshairState {
  /** The pointed-at time; null while the pointer is nowhere. */
  readonly atMs: number | null;
}

const CrosshairContext = createContext<StoreApi<CrosshairState> | null>(null);

/** Every chart inside shares one crosshair. A chart outside any scope has its own. */
export function CrosshairScope({ children }: { readonly children: ReactNode }): ReactNode {
  const [store] = useState(createCrosshair);
  return <CrosshairContext value={store}>{children}</CrosshairContext>;
}

const createCrosshair = (): StoreApi<CrosshairState> => createStore<CrosshairState>(() => ({ atMs: null }));

export function useCrosshairStore(): StoreApi<CrosshairState> {
  const shared = useContext(CrosshairContext);
  const [own] = useState(createCrosshair);
  return shared ?? own;
}

interface ShownRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The crosshair's time in what is shown; null where it has none, or the window was moved away from it. */
export const crosshairIn = ({ atMs }: CrosshairState, { fromMs, toMs }: ShownRange): number | null =>
  atMs !== null && atMs >= fromMs && atMs <= toMs ? atMs : null;

/** Time under the pointer on any chart of the scope; null when there is none in the range. */
export const useCrosshair = (range: ShownRange): number | null =>
  useStore(useCrosshairStore(), (state) => crosshairIn(state, range));
