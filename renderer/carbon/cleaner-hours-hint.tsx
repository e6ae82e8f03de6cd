import type { ReactNode } from 'react';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatClock, formatMoment } from '../../shared/format/moment.ts';
import { formatNumber } from '../../shared/format/number-text.ts';
import type { CleanerHours } from '../../shared/model/carbon.ts';
import { msFromHours, percentFromRatio, secondsFromMs } from '../../shared/units.ts';
import { useRequest } from '../connection/use-request.ts';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useCarbonWords } from './use-carbon-words.ts';

const shownHours = 4;
/** A saving smaller than the forecast's own error is none. */
const leastSavingRatio = 0.05;

interface HintProps {
  readonly atMs: number;
  /** What stands there while the grid has nothing to say. */
  readonly children: ReactNode;
}

/** Under today's emissions: since when the grid is silent, else when it is cleaner. */
export function CleanerHoursHint({ atMs, children }: HintProps): ReactNode {
  const status = useRequest('carbon.status', {}, { refreshOn: ['carbon.changed', 'settings.changed'] }).data;
  if (status === null || status.provider === null) return children;
  if (status.newest !== null && status.fallbackSinceMs !== null && status.state === 'stale')
    return <AsOf newestMs={status.newest.toMs} atMs={atMs} />;
  const hint = status.cleanerHours.find(({ hours }) => hours === shownHours) ?? status.cleanerHours[0];
  return hint === undefined ? children : <Cleaner hint={hint} source={status.newest?.source ?? ''} atMs={atMs} />;
}

function AsOf({ newestMs, atMs }: { readonly newestMs: number; readonly atMs: number }) {
  const { t } = useCarbonWords();
  const locale = useLocale();
  const age = formatExactDuration(Math.max(0, secondsFromMs(atMs - newestMs)), { locale, isWhole: true });
  return (
    <span className="warn">
      <Sign name="triangle" /> {t('live.asOf', { age })}
    </span>
  );
}

interface CleanerProps {
  readonly hint: CleanerHours;
  readonly source: string;
  readonly atMs: number;
}

function Cleaner({ hint, source, atMs }: CleanerProps) {
  const { t } = useCarbonWords();
  const locale = useLocale();
  const whole = (value: number): string => formatNumber(value, 0, locale);
  const isSoon = hint.fromMs - atMs < msFromHours(12);
  const text =
    hint.savingRatio < leastSavingRatio
      ? t('live.cleanerNow')
      : t('live.cleanerText', {
          hours: hint.hours,
          time: isSoon ? formatClock(hint.fromMs, { locale }) : formatMoment(hint.fromMs, { locale, nowMs: atMs }),
          grams: whole(hint.intensityGramsCO2ePerKwh),
          saving: whole(percentFromRatio(hint.savingRatio)),
        });
  const about = t('live.cleanerHint', { source, hours: hint.hours, now: whole(hint.nowIntensityGramsCO2ePerKwh) });
  return <span title={`${t('live.cleaner')}. ${about}`}>{text}</span>;
}
