import type { ReactNode } from 'react';
import { MiniView } from '../mini/mini-view.tsx';
import { App } from './app.tsx';
import { useRoute } from './router.ts';
import { useTheme } from './theme.ts';

/** The app, or the mini window: which of them a document is does not change. */
export function Root(): ReactNode {
  return useRoute().page === 'mini' ? <Mini /> : <App />;
}

function Mini(): ReactNode {
  useTheme();
  return <MiniView />;
}
