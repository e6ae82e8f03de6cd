import { useMemo } from 'react';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatPowerWithBounds } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { formatShare } from '../../shared/format/ratio.ts';
import { provenances } from '../../shared/model/domain.ts';
import { msFromSeconds, secondsFromMs } from '../../shared/units.ts';
import { axisUnit } from '../charts/axis-text.ts';
import type { ChartGap, Column, TimeChartProps } from '../charts/chart-model.ts';
import { nullSpans } from '../charts/columns.ts';
import { CrosshairScope } from '../charts/crosshair.tsx';
import { TimeChart } from '../charts/time-chart.tsx';
import { valueAxis } from '../charts/value-axis.ts';
import { useEngine, useLive } from '../connection/connection-context.tsx';
import { useRequest } from '../connection/use-request.ts';
import { EvidenceBar, EvidenceMark } from '../design/evidence.tsx';
import { Figure, Missing } from '../design/figure.tsx';
import { GapSwatch } from '../design/key-swatch.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWelcomeWords } from './use-welcome-words.ts';

const chartMs = msFromSeconds(60);

/** What the machine draws already, and how its numbers are to be read. */
export function NowAside() {
  const { t } = useWelcomeWords();
  const locale = useLocale();
  const live = useLive();
  const { description, status } = useEngine();
  const isStale = status !== 'connected' || live === null || live.machine.powerWatts === null;
  const shown = live === null ? null : formatPowerWithBounds(live.machine, { locale });
  const most = live?.machine.evidence.toSorted((a, b) => b.ratio - a.ratio)[0];
  const sinceSeconds =
    live === null || description === null ? 0 : secondsFromMs(Math.max(0, live.atMs - description.startedAtMs));
  return (
    <aside className="wc-now" aria-label={t('now', { host: description?.hostName ?? '' })}>
      <Figure
        size="large"
        label={t('now', { host: description?.hostName ?? '' })}
        value={isStale || shown === null ? <Missing /> : shown.value}
        {...(isStale || shown === null || shown.unit === null ? {} : { unit: shown.unit })}
        plusMinus={isStale ? null : (shown?.band ?? null)}
      >
        <div className="evw">{!isStale && <EvidenceBar parts={live.machine.evidence} width={240} />}</div>
        <p className="s">
          {isStale || most === undefined
            ? t('noPower')
            : t('share', { share: formatShare(most.ratio, { locale }), evidence: t(`by.${most.provenance}`) })}
        </p>
        <p className="s">{t('began', { duration: formatExactDuration(sinceSeconds, { locale, isWhole: true }) })}</p>
      </Figure>
      <CrosshairScope>
        <LastMinute power={shown === null ? '–' : valueText(shown)} />
      </CrosshairScope>
      <Legend />
    </aside>
  );
}

function LastMinute({ power }: { readonly power: string }) {
  const { t } = useWelcomeWords();
  const live = useLive();
  const toMs = live === null ? null : Math.floor(live.atMs / 1000) * 1000;
  const asked = useRequest(
    'history.query',
    {
      fromMs: (toMs ?? chartMs) - chartMs,
      toMs: toMs ?? chartMs,
      maxPoints: 120,
      series: [{ key: 'machine', of: { kind: 'machine' }, quantity: 'powerWatts' }],
    },
    { isEnabled: toMs !== null },
  );
  const history = asked.data;
  const chart = useMemo((): TimeChartProps | null => {
    if (toMs === null) return null;
    const fromMs = toMs - chartMs;
    const timesMs = history?.timesMs ?? [];
    const mean = history?.series[0]?.mean ?? [];
    return {
      timesMs,
      fromMs,
      toMs,
      unit: 'watts',
      series: [{ key: 'machine', label: '', color: 'var(--ink-3)', kind: 'area', mean }],
      gaps: unseenSpans({ fromMs, toMs }, timesMs, mean),
      isSmall: true,
      ariaSentence: '',
    };
  }, [history, toMs]);
  if (chart === null) return <div className="wc-chart" />;
  return (
    <div className="wc-chart">
      <div className="q" aria-hidden="true">
        {axisUnit('watts', valueAxis(chart).max).word}
      </div>
      <div className="ch">
        <TimeChart {...chart} ariaSentence={t('chart', { power })} />
      </div>
    </div>
  );
}

/** Before the first reading nobody looked, nor while no engine ran; the newest second may not be written yet. */
function unseenSpans(
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  timesMs: readonly number[],
  mean: Column,
): readonly ChartGap[] {
  const first = timesMs.findIndex((_, index) => (mean[index] ?? null) !== null);
  const between = nullSpans(timesMs, mean).filter((span) => span.toMs < (timesMs.at(-1) ?? toMs));
  // A bucket's time is its end.
  return first === 0 ? between : [{ fromMs, toMs: timesMs[first] ?? toMs }, ...between];
}

function Legend() {
  const { t } = useWelcomeWords();
  return (
    <>
      <h2 className="wc-legend-title">{t('legend.title')}</h2>
      <ul className="wc-legend">
        {provenances.map((provenance) => (
          <li key={provenance}>
            <EvidenceMark provenance={provenance} />
            <b>{t(`evidence.short.${provenance}`)}</b>
            <span>{t(`legend.${provenance}`)}</span>
          </li>
        ))}
        <li>
          <GapSwatch />
          <b>{t('legend.gapWord')}</b>
          <span>{t('legend.gap')}</span>
        </li>
        <li>
          <svg width="24" height="8" aria-hidden="true" className="wc-whisker">
            <path d="M2 4H22M2 .5v7M22 .5v7" />
            <circle cx="11" cy="4" r="2.5" />
          </svg>
          <b>{t('legend.whiskerWord')}</b>
          <span>{t('legend.whisker')}</span>
        </li>
      </ul>
    </>
  );
}
