import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatClock, formatMoment } from '../../shared/format/moment.ts';
import { formatNumber } from '../../shared/format/number-text.ts';
import type { GridStatus } from '../../shared/model/carbon.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { useNow } from '../app/use-now.ts';
import { Sign } from '../design/sign.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useCarbonWords } from './use-carbon-words.ts';

/** What the grid says now, or as of when it says nothing, and what is wrong. */
export function GridState({ status }: { readonly status: GridStatus }) {
  const { t } = useCarbonWords();
  const locale = useLocale();
  const nowMs = useNow();
  const { newest, current, problem, fallbackSinceMs } = status;
  const shown = current ?? newest;
  const stateText = (): string => {
    if (shown === null || (status.state !== 'fresh' && status.state !== 'stale'))
      return t(`grid.state.${status.state}`);
    if (fallbackSinceMs !== null)
      return t('grid.state.stale', {
        age: formatExactDuration(Math.max(0, secondsFromMs(nowMs - shown.toMs)), { locale, isWhole: true }),
        since: formatMoment(fallbackSinceMs, { locale, nowMs }),
      });
    return t('grid.state.fresh', {
      grams: formatNumber(shown.gramsCO2ePerKwh, 0, locale),
      from: formatClock(shown.fromMs, { locale }),
      to: formatClock(shown.toMs, { locale }),
      estimated: `${shown.isEstimated ? t('grid.estimated') : ''}${shown.kind === 'marginal' ? t('grid.marginal') : ''}`,
    });
  };
  const next = status.nextAskMs === null ? null : formatClock(status.nextAskMs, { locale });
  return (
    <span className="grid-state">
      <span className={status.state === 'fresh' && fallbackSinceMs === null ? 's' : 'q'}>
        <Sign name={status.state === 'fresh' ? 'disc' : 'ring'} className={status.state === 'fresh' ? 'ok' : 'q'} />{' '}
        {stateText()}
      </span>
      {problem !== null && (
        <span className="warn" title={problem.message}>
          <Sign name="triangle" />{' '}
          {t(`grid.problem.${problem.code}`, { time: next ?? '', defaultValue: problem.message })}
        </span>
      )}
      {next !== null && status.provider !== 'csv' && <span className="q">{t('grid.next', { time: next })}</span>}
    </span>
  );
}
