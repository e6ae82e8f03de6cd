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

/** Time under the pointer on any chart of the scope; null when there is none. */
export const useCrosshair = (): number | null => useStore(useCrosshairStore(), (state) => state.atMs);
