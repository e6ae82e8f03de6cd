import { create } from 'zustand';

interface PaletteState {
  readonly shown: 'palette' | 'keys' | null;
}

/** Which of the two is open: the palette, the sheet of keys, or neither. */
export const usePalette = create<PaletteState>(() => ({ shown: null }));

export const openPalette = (): void => usePalette.setState({ shown: 'palette' });
export const openKeys = (): void => usePalette.setState({ shown: 'keys' });
export const closePalette = (): void => usePalette.setState({ shown: null });
