import type { ReactNode } from 'react';
import { formatWattsColumn } from '../../shared/format/power.ts';
import { useLocale } from '../i18n/use-locale.ts';

interface WattsProps {
  readonly watts: number | null;
  readonly isStale: boolean;
  readonly isLowerBound?: boolean;
}

/** Watts with their unit in the hint colour; faded while the engine is gone. */
export function Watts({ watts, isStale, isLowerBound = false }: WattsProps): ReactNode {
  const locale = useLocale();
  return (
    <b className={isStale ? 'nw stale' : 'nw'}>
      {formatWattsColumn(watts, { locale, isLowerBound })}
      {watts !== null && <span className="w-unit">{'\u202fW'}</span>}
    </b>
  );
}
