import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatMoment } from '../../shared/format/moment.ts';
import { formatNumber } from '../../shared/format/number-text.ts';
import type { GridStatus } from '../../shared/model/carbon.ts';
import { percentFromRatio, secondsFromMs } from '../../shared/units.ts';
import { useRequest } from '../connection/use-request.ts';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useCarbonWords } from './use-carbon-words.ts';

const shownHours = 4;
/** A saving smaller than the forecast's own error is none. */
const leastSavingRatio = 0.05;

/** Under today's emissions: since when the grid is silent, else when it is cleaner. Nothing while no provider is on. */
export function CleanerHoursHint({ atMs }: { readonly atMs: number }) {
  const status = useRequest('carbon.status', {}, { refreshOn: ['carbon.changed', 'settings.changed'] }).data;
  if (status === null || status.provider === null) return null;
  return status.newest !== null && status.fallbackSinceMs !== null && status.state === 'stale' ? (
    <AsOf newestMs={status.newest.toMs} atMs={atMs} />
  ) : (
    <Cleaner status={status} atMs={atMs} />
  );
}

function AsOf({ newestMs, atMs }: { readonly newestMs: number; readonly atMs: number }) {
  const { t } = useCarbonWords();
  const locale = useLocale();
  const age = formatExactDuration(Math.max(0, secondsFromMs(atMs - newestMs)), { locale });
  return (
    <div className="x warn">
      <Sign name="triangle" /> {t('live.asOf', { age })}
    </div>
  );
}

function Cleaner({ status, atMs }: { readonly status: GridStatus; readonly atMs: number }) {
  const { t } = useCarbonWords();
  const locale = useLocale();
  const hint = status.cleanerHours.find(({ hours }) => hours === shownHours) ?? status.cleanerHours[0];
  if (hint === undefined) return null;
  const whole = (value: number): string => formatNumber(value, 0, locale);
  const text =
    hint.savingRatio < leastSavingRatio
      ? t('live.cleanerNow')
      : t('live.cleanerText', {
          hours: hint.hours,
          time: formatMoment(hint.fromMs, { locale, nowMs: atMs }),
          grams: whole(hint.intensityGramsCO2ePerKwh),
          saving: whole(percentFromRatio(hint.savingRatio)),
        });
  return (
    <div
      className="x"
      title={`${t('live.cleaner')}. ${t('live.cleanerHint', {
        source: status.newest?.source ?? '',
        hours: hint.hours,
        now: whole(hint.nowIntensityGramsCO2ePerKwh),
      })}`}
    >
      {text}
    </div>
  );
}
