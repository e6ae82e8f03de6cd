import { useTranslation } from 'react-i18next';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatClock } from '../../shared/format/moment.ts';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { secondsFromMs } from '../../shared/units.ts';
import type { ChartGap } from '../charts/chart-model.ts';
import { useLocale } from '../i18n/use-locale.ts';
import type { WindowStatistics } from './history-columns.ts';
import type { TimeWindow } from './time-window.ts';

interface Said {
  readonly what: string;
  readonly window: TimeWindow;
  readonly statistics: WindowStatistics | null;
  readonly nowWatts: number | null;
  readonly gaps: readonly ChartGap[];
}

/** 'Power by run, last hour: 4,542 W now, between 2,412 and 4,588 W, one gap of 75 s'. */
export function useSentence(): (said: Said) => string {
  const { t } = useTranslation();
  const locale = useLocale();
  const windowWords = useWindowWords();
  return ({ what, window, statistics, nowWatts, gaps }) => {
    const words = windowWords(window);
    if (statistics === null) return t('live.power.sentenceEmpty', { what, window: words });
    const power = (watts: number | null): string => valueText(formatPower(watts, { locale }));
    const missedSeconds = gaps.reduce((sum, gap) => sum + secondsFromMs(gap.toMs - gap.fromMs), 0);
    const duration = formatExactDuration(missedSeconds, { locale, isWhole: true });
    return t('live.power.sentence', {
      what,
      window: words,
      now: power(nowWatts),
      min: power(statistics.min),
      max: power(statistics.max),
      gaps: t('live.power.gaps', { count: gaps.length, duration }),
    });
  };
}

/** 'last hour', or '14:02 – 14:31' while looking back. */
export function useWindowWords(): (window: TimeWindow) => string {
  const { t } = useTranslation();
  const locale = useLocale();
  return (window) =>
    window.kind === 'live'
      ? t(`live.windowWords.${window.key}`)
      : t('live.windowWords.own', {
          from: formatClock(window.fromMs, { locale }),
          to: formatClock(window.toMs, { locale }),
        });
}
