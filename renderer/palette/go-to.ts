import { hrefTo, navigate, type Route } from '../app/router.ts';

/** A page that asks the engine first is drawn in a moment; after that its parts are looked for no more. */
const tries = 20;
const tryMs = 50;

/** Goes to a page and then, once it is drawn, to a part of it; without one the focus is on the page's content. */
export function goTo(route: Route, show: () => boolean = () => focusElement('content')): void {
  const afterwards = (left: number): void => {
    setTimeout(() => {
      if (location.hash === hrefTo(route) && !show() && left > 0) afterwards(left - 1);
    }, tryMs);
  };
  navigate(route);
  afterwards(tries);
}

/** False where there is no such element yet. */
export function focusElement(id: string): boolean {
  const element = document.getElementById(id);
  element?.focus();
  return element !== null;
}
