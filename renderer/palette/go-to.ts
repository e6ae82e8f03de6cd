import { hrefTo, navigate, type Route } from '../app/router.ts';

/** A page that asks the engine first is drawn in a moment; after that its parts are looked for no more. */
const tries = 20;
const tryMs = 50;
const contentId = 'content';

/**
 * Goes to a page and then, once it is drawn, to a part of it; without one the focus is on the page's content.
 * Who has meanwhile gone on to something else, a dialog or a field, is not called back from it.
 */
export function goTo(route: Route, show: () => boolean = () => focusElement(contentId)): void {
  const origin = document.activeElement;
  const afterwards = (left: number): void => {
    setTimeout(() => {
      if (location.hash !== hrefTo(route) || hasGoneOn(origin)) return;
      if (!show() && left > 0) afterwards(left - 1);
    }, tryMs);
  };
  navigate(route);
  afterwards(tries);
}

function hasGoneOn(origin: Element | null): boolean {
  const now = document.activeElement;
  return now !== null && now !== document.body && now !== origin && now.id !== contentId;
}

/** False where there is no such element yet. */
export function focusElement(id: string): boolean {
  const element = document.getElementById(id);
  element?.focus();
  return element !== null;
}
