import { useEffect, useRef, useState } from 'react';

export interface LateSave<T> {
  /** Saves this when typing pauses; what waited before it is not saved any more. */
  readonly later: (value: T) => void;
  /** Saves what waits at once. */
  readonly flush: () => void;
  /** Forgets what waits. */
  readonly drop: () => void;
}

const pauseMs = 600;

export function createLateSave<T>(save: (value: T) => void): LateSave<T> {
  let waiting: { readonly value: T } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const drop = (): void => {
    clearTimeout(timer);
    waiting = null;
  };
  const flush = (): void => {
    if (waiting === null) return;
    const { value } = waiting;
    drop();
    save(value);
  };
  return {
    later(value) {
      drop();
      waiting = { value };
      timer = setTimeout(flush, pauseMs);
    },
    flush,
    drop,
  };
}

/** What is typed is saved when typing pauses, and when its field or the whole page goes: no field that goes is left first. */
export function useLateSave<T>(save: (value: T) => void): LateSave<T> {
  const latest = useRef(save);
  latest.current = save;
  const [late] = useState(() => createLateSave<T>((value) => latest.current(value)));
  useEffect(() => {
    addEventListener('pagehide', late.flush);
    return () => {
      removeEventListener('pagehide', late.flush);
      late.flush();
    };
  }, [late]);
  return late;
}
