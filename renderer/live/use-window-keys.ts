import { useEffect } from 'react';
import { type WindowKey, windowKeys } from './time-window.ts';

/** 1 … 8 choose the window, L goes back to live; not while something is typed or a dialog is open. */
export function useWindowKeys(onChoose: (key: WindowKey) => void, onLive: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const chosen = windowKeys[Number(event.key) - 1];
      if (chosen !== undefined) onChoose(chosen);
      else if (event.key.toLowerCase() === 'l') onLive();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [onChoose, onLive]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('input, select, textarea, [role="dialog"], [role="menu"]') !== null
  );
}
