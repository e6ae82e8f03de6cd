import { type RefObject, startTransition, useEffect, useRef, useState } from 'react';

export interface RowWindow {
  readonly from: number;
  readonly to: number;
}

const overscanRows = 20;
const alwaysWholeUpTo = 150;

/** Rows to draw for a scroll position; all of them while they are few. */
export function rowWindow(scrollTop: number, height: number, rowHeight: number, count: number): RowWindow {
  if (count <= alwaysWholeUpTo) return { from: 0, to: count };
  const from = Math.max(0, Math.floor(scrollTop / rowHeight) - overscanRows);
  const to = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + overscanRows);
  // Steps of the overscan, so that scrolling a line does not draw anew.
  return { from: from - (from % overscanRows), to: Math.min(count, to + overscanRows - (to % overscanRows)) };
}

/** True while the rows in sight are among those drawn. */
export function isCovered(drawn: RowWindow, scrollTop: number, height: number, rowHeight: number): boolean {
  return drawn.from <= Math.floor(scrollTop / rowHeight) && drawn.to * rowHeight >= scrollTop + height;
}

/** The window of rows inside a scrolling element, kept up to date while it scrolls and changes size. Rows that are not in sight yet are drawn when there is time. */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, count: number, rowHeight: number): RowWindow {
  const [shown, setShown] = useState<RowWindow>(() => rowWindow(0, 800, rowHeight, count));
  const drawn = useRef(shown);
  useEffect(() => {
    drawn.current = shown;
  }, [shown]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const update = (): void => {
      const { scrollTop, clientHeight } = element;
      const next = rowWindow(scrollTop, clientHeight, rowHeight, count);
      const show = (): void =>
        setShown((before) => (next.from === before.from && next.to === before.to ? before : next));
      const inSight = Math.min(clientHeight, count * rowHeight - scrollTop);
      if (isCovered(drawn.current, scrollTop, inSight, rowHeight)) startTransition(show);
      else show();
    };
    update();
    const observer = new ResizeObserver(update);
    observer.observe(element);
    element.addEventListener('scroll', update, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', update);
    };
  }, [scroller, count, rowHeight]);
  return shown;
}
