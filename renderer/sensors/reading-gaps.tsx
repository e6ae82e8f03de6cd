import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatClock } from '../../shared/format/moment.ts';
import type { History } from '../../shared/model/history.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { useNow } from '../app/use-now.ts';
import { useRequest } from '../connection/use-request.ts';
import { FailedState, LoadingBars } from '../design/empty-state.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { lanesOf } from './gap-lanes.ts';
import { domainLabels } from './sensor-groups.ts';

const spanMs = 24 * 60 * 60 * 1000;
const stepMs = 60 * 1000;

interface ReadingGapsProps {
  readonly labels: ReadonlyMap<string, string>;
}

/** When which device gave no reading in the last day; a lane a device that ever fell silent. */
export function ReadingGaps({ labels }: ReadingGapsProps) {
  const { t } = useWords();
  // Up to the end of this minute: what is going on now is in it.
  const toMs = Math.ceil(useNow() / stepMs) * stepMs;
  const fromMs = toMs - spanMs;
  const asked = useRequest('history.query', {
    fromMs,
    toMs,
    maxPoints: 2,
    series: [{ key: 'machine', of: { kind: 'machine' }, quantity: 'powerWatts' }],
  });
  return (
    <>
      <div className="hd">
        <h2>{t('sensors.gaps.title')}</h2>
        <div className="r">{t('sensors.gaps.span')}</div>
      </div>
      {asked.data === null && asked.error !== null ? (
        <FailedState what="chart" error={asked.error} onRetry={asked.retry} />
      ) : asked.data === null ? (
        <LoadingBars />
      ) : (
        <Lanes gaps={asked.data.gaps} labels={labels} fromMs={fromMs} toMs={toMs} />
      )}
    </>
  );
}

interface LanesProps extends ReadingGapsProps {
  readonly gaps: History['gaps'];
  readonly fromMs: number;
  readonly toMs: number;
}

function Lanes({ gaps, labels, fromMs, toMs }: LanesProps) {
  const { t } = useWords();
  const locale = useLocale();
  const lanes = lanesOf(gaps, fromMs, toMs);
  if (lanes.length === 0) return <p className="ck-note s">{t('sensors.gaps.none')}</p>;
  return (
    <div className="gaps">
      {lanes.map((lane) => {
        const isAll = lane.domainIds.length === labels.size && labels.size > 1;
        const label = isAll ? t('sensors.gaps.all') : domainLabels(lane.domainIds, labels);
        const duration = formatExactDuration(lane.totalSeconds, { locale });
        const words = t('sensors.gaps.lane', { label, count: lane.gaps.length, duration });
        return (
          <div className="gap-lane" key={lane.domainIds.join()}>
            <span className="q cut" title={label}>
              {label}
            </span>
            <span className="gap-track" role="img" aria-label={words} title={words}>
              {lane.gaps.map((gap) => (
                <i
                  key={gap.fromMs}
                  className="ht"
                  title={`${formatClock(gap.fromMs, { locale })}, ${formatExactDuration(secondsFromMs(gap.toMs - gap.fromMs), { locale })}: ${t(`run.gapReason.${gap.reason}`)}`}
                  style={{ left: `min(${gap.leftPercent}%, calc(100% - 4px))`, width: `${gap.widthPercent}%` }}
                />
              ))}
            </span>
          </div>
        );
      })}
      <div className="gap-lane q">
        <span />
        <span className="gap-axis" aria-hidden="true">
          {[0, 0.25, 0.5, 0.75].map((at) => (
            <span key={at}>{formatClock(fromMs + at * spanMs, { locale })}</span>
          ))}
          <span>{t('sensors.gaps.now')}</span>
        </span>
      </div>
    </div>
  );
}
