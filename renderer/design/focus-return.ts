import { useRef } from 'react';

interface FocusReturn {
  readonly onOpenAutoFocus: () => void;
  readonly onCloseAutoFocus: (event: Event) => void;
}

/** For a dialog without a trigger of its own: where the focus was before it opened is where it goes when it closes. */
export function useFocusReturn(onReturned?: () => void): FocusReturn {
  const origin = useRef<Element | null>(null);
  return {
    onOpenAutoFocus() {
      origin.current = lasting(document.activeElement);
    },
    onCloseAutoFocus(event) {
      // The library would look for a trigger, find none and leave the focus on the document.
      event.preventDefault();
      const isThere = origin.current?.isConnected === true && origin.current !== document.body;
      const element = isThere ? origin.current : document.getElementById('content');
      if (element instanceof HTMLElement || element instanceof SVGElement) element.focus();
      onReturned?.();
    },
  };
}

/** A menu's item is gone when the dialog that it opened closes: what opened the menu is still there. */
function lasting(element: Element | null): Element | null {
  const labelledBy = element?.closest('[role="menu"]')?.getAttribute('aria-labelledby') ?? null;
  return labelledBy === null ? element : document.getElementById(labelledBy);
}
