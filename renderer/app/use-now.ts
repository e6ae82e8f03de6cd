import { useEffect, useState } from 'react';
import { msFromSeconds } from '../../shared/units.ts';

/** Wall clock, once a second; it stands still while nobody needs it. */
export function useNow(isTicking = true): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(() => setNowMs(Date.now()), msFromSeconds(1));
    return () => clearInterval(timer);
  }, [isTicking]);
  return nowMs;
}

const startOfDay = (): number => new Date().setHours(0, 0, 0, 0);

/** Midnight of today, local: draws anew once a day. */
export function useDay(): number {
  const [dayMs, setDayMs] = useState(startOfDay);
  useEffect(() => {
    const timer = setInterval(() => setDayMs(startOfDay()), msFromSeconds(1));
    return () => clearInterval(timer);
  }, []);
  return dayMs;
}
