import { useDeferredValue, useMemo } from 'react';
import { formatExactDuration } from '../../shared/format/duration.ts';
import { typedNumber } from '../../shared/format/number-text.ts';
import type { RuleDescriptor } from '../../shared/model/alert.ts';
import type { HistoryQuery } from '../../shared/model/history.ts';
import type { LiveDevice } from '../../shared/model/live.ts';
import { useNow } from '../app/use-now.ts';
import { axisUnit } from '../charts/axis-text.ts';
import type { TimeChartProps } from '../charts/chart-model.ts';
import { extentOf } from '../charts/columns.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { valueAxis } from '../charts/value-axis.ts';
import { useLive } from '../connection/connection-context.tsx';
import { useRequest } from '../connection/use-request.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { draftProblems, inputFromDraft, limitField, type RuleDraft, scopeFromText } from './rule-draft.ts';
import { useAlertWords } from './use-alert-words.ts';

const spanMs = 24 * 60 * 60 * 1000;
const stepMs = 60 * 1000;
const buckets = 280;
const noDevices: readonly LiveDevice[] = [];

interface RulePastProps {
  readonly draft: RuleDraft;
  readonly descriptor: RuleDescriptor;
}

/** The last day of what a power rule watches, with its limit drawn in: too low or too high shows at once. */
export function RulePast({ draft, descriptor }: RulePastProps) {
  const locale = useLocale();
  const { quantity } = descriptor;
  const field = limitField(descriptor);
  const scope = scopeFromText(draft.scope).kind;
  const isOnRecord = scope === 'machine' || scope === 'any-gpu' || scope === 'domain';
  if (field === undefined || quantity === null || draft.scope === '' || !isOnRecord) return null;
  const limit = quantity === 'memoryUsedBytes' ? null : typedNumber(draft.params[field.key] ?? '', locale);
  return <PastChart draft={draft} descriptor={descriptor} quantity={quantity} limit={limit} />;
}

interface PastChartProps extends RulePastProps {
  readonly quantity: NonNullable<RuleDescriptor['quantity']>;
  /** In the chart's unit; null where it has another. */
  readonly limit: number | null;
}

/** Drawn as it is read; a share of memory is only counted. */
const units: Readonly<Record<PastChartProps['quantity'], TimeChartProps['unit'] | null>> = {
  powerWatts: 'watts',
  utilizationRatio: null,
  memoryUsedBytes: null,
  temperatureCelsius: 'celsius',
};

function PastChart({ draft, descriptor, quantity, limit }: PastChartProps) {
  const { t } = useAlertWords();
  const toMs = Math.floor(useNow() / stepMs) * stepMs;
  const devices = useLive()?.devices ?? noDevices;
  const gpuIds = devices.filter((device) => device.domain.kind === 'gpu').map((device) => device.domain.id);
  const query = pastQuery({ scope: draft.scope, gpuIds, toMs, quantity });
  const asked = useRequest('history.query', query, { isEnabled: query.series.length > 0 });
  const history = asked.data;
  const chart = useMemo(
    (): TimeChartProps => ({
      timesMs: history?.timesMs ?? [],
      fromMs: toMs - spanMs,
      toMs,
      unit: units[quantity] ?? 'plain',
      series: (history?.series ?? []).map((series) => ({
        ...series,
        label: series.key,
        color: 'ink-3',
        kind: history?.series.length === 1 ? ('area' as const) : ('line' as const),
        width: 1,
      })),
      ...(limit === null || limit <= 0 ? {} : { limits: [{ value: limit, label: '' }] }),
      isSmall: true,
      ariaSentence: t('past.title'),
    }),
    [history, toMs, limit, quantity, t],
  );
  const highest = extentOf((history?.series ?? []).map((series) => series.max))?.max ?? null;
  if (query.series.length === 0) return null;
  return (
    <div className="bt">
      <div className="row">
        <span className="fl nw">{t('past.title')}</span>
        {units[quantity] !== null && <span className="q">{axisUnit(chart.unit, valueAxis(chart).max).word}</span>}
        <span className="grow" />
        <span className="s nw">
          {highest === null ? t('alerts.editor.pastNothing') : <WouldFire draft={draft} descriptor={descriptor} />}
        </span>
      </div>
      {units[quantity] !== null && (
        <div className="ch">
          <TimeChart {...chart} />
        </div>
      )}
    </div>
  );
}

/** How often it would have fired, by the engine's own steps over the record. */
function WouldFire({ draft, descriptor }: RulePastProps) {
  const { t } = useAlertWords();
  const locale = useLocale();
  const isSound = draftProblems(draft, descriptor, locale).length === 0;
  const input = useDeferredValue(inputFromDraft({ ...draft, id: null }, descriptor, locale));
  const { data } = useRequest('alerts.preview', { input, hours: 24 }, { isEnabled: isSound });
  if (data === null || !isSound) return null;
  const count = data.firings.length;
  const point = t('past.point', { duration: formatExactDuration(data.pointSeconds, { locale }) });
  return <b title={point}>{count === 0 ? t('past.never') : t('past.fired', { count })}</b>;
}

interface PastQuery {
  readonly scope: string;
  readonly gpuIds: readonly string[];
  readonly toMs: number;
  readonly quantity: PastChartProps['quantity'];
}

function pastQuery({ scope, gpuIds, toMs, quantity }: PastQuery): HistoryQuery {
  const parsed = scopeFromText(scope);
  const of =
    parsed.kind === 'machine'
      ? [{ kind: 'machine' as const }]
      : (parsed.kind === 'domain' ? [parsed.domainId] : gpuIds).map((domainId) => ({
          kind: 'domain' as const,
          domainId,
        }));
  return {
    fromMs: toMs - spanMs,
    toMs,
    maxPoints: buckets,
    series: of.map((one) => ({
      key: one.kind === 'domain' ? one.domainId : 'machine',
      of: one,
      quantity,
    })),
  };
}
