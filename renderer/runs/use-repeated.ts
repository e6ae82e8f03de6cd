import { useEffect } from 'react';

/** Asks again every so often, for what the engine does not push; null stops it. */
export function useRepeated(ask: () => void, everyMs: number | null): void {
  useEffect(() => {
    if (everyMs === null) return;
    const timer = setInterval(ask, everyMs);
    return () => clearInterval(timer);
  }, [ask, everyMs]);
}
