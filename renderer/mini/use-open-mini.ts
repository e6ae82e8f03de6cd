import { useCallback, useEffect } from 'react';
import { hrefTo } from '../app/router.ts';
import { useHost } from '../connection/connection-context.tsx';

const size = 'popup,width=320,height=180';

/** Opens the mini window, or brings it to the front: the desktop's own, or a small window of the browser. */
export function useOpenMini(): () => void {
  const host = useHost();
  return useCallback(() => {
    if (host === null) open(hrefTo({ page: 'mini' }), 'wattrun-mini', size)?.focus();
    else host.request('host.openMini', {}).catch(() => undefined);
  }, [host]);
}

/** M, where nothing is typed and no dialog is open. */
export function useMiniKey(onOpen: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== 'm') return;
      const isBusy =
        event.target instanceof Element &&
        event.target.closest('input, select, textarea, [role="dialog"], [role="menu"]') !== null;
      if (!isBusy) onOpen();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [onOpen]);
}
