import { create } from 'zustand';
import { recall, remember } from './browser-memory.ts';

const memoryKey = 'wattrun.sidebar';

/** Whether the user folded the sidebar to its icons; a narrow window folds it by itself. */
export const useSidebar = create<{ readonly isFolded: boolean }>(() => ({ isFolded: recall(memoryKey) === 'folded' }));

export function toggleSidebar(): void {
  const isFolded = !useSidebar.getState().isFolded;
  remember(memoryKey, isFolded ? 'folded' : 'open');
  useSidebar.setState({ isFolded });
}

/** From this width on the sidebar is shown whole, so that folding it changes something. */
export const isSidebarWide = (): boolean => matchMedia('(min-width: 1080px)').matches;
