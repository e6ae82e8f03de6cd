import { useMemo } from 'react';
import { formatPower } from '../../shared/format/power.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { RuleDescriptor } from '../../shared/model/alert.ts';
import type { HistoryQuery } from '../../shared/model/history.ts';
import type { LiveDevice } from '../../shared/model/live.ts';
import { useNow } from '../app/use-now.ts';
import type { TimeChartProps } from '../charts/chart-model.ts';
import { extentOf } from '../charts/columns.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { useLive } from '../connection/connection-context.tsx';
import { useRequest } from '../connection/use-request.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { limitField, numberFrom, type RuleDraft, scopeFromText } from './rule-draft.ts';

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
  const field = limitField(descriptor);
  if (field?.unit !== 'W' || draft.scope === '') return null;
  return <PastChart draft={draft} limitWatts={numberFrom(draft.params[field.key] ?? '')} />;
}

function PastChart({ draft, limitWatts }: { readonly draft: RuleDraft; readonly limitWatts: number | null }) {
  const { t } = useWords();
  const locale = useLocale();
  const toMs = Math.floor(useNow() / stepMs) * stepMs;
  const devices = useLive()?.devices ?? noDevices;
  const gpuIds = devices.filter((device) => device.domain.kind === 'gpu').map((device) => device.domain.id);
  const query = pastQuery(draft.scope, gpuIds, toMs);
  const asked = useRequest('history.query', query, { isEnabled: query.series.length > 0 });
  const history = asked.data;
  const chart = useMemo(
    (): TimeChartProps => ({
      timesMs: history?.timesMs ?? [],
      fromMs: toMs - spanMs,
      toMs,
      unit: 'watts',
      series: (history?.series ?? []).map((series) => ({
        ...series,
        label: series.key,
        color: 'ink-3',
        kind: history?.series.length === 1 ? ('area' as const) : ('line' as const),
        width: 1,
      })),
      ...(limitWatts === null || limitWatts <= 0 ? {} : { limits: [{ value: limitWatts, label: '' }] }),
      isSmall: true,
      ariaSentence: t('alerts.editor.past'),
    }),
    [history, toMs, limitWatts, t],
  );
  const highest = extentOf((history?.series ?? []).map((series) => series.max))?.max ?? null;
  if (query.series.length === 0) return null;
  return (
    <div className="bt">
      <div className="row">
        <span className="fl nw">{t('alerts.editor.past')}</span>
        <span className="grow" />
        <span className="s nw">
          {highest === null
            ? t('alerts.editor.pastNothing')
            : t('alerts.editor.pastHighest', { power: valueText(formatPower(highest, { locale })) })}
        </span>
      </div>
      <div className="ch">
        <TimeChart {...chart} />
      </div>
    </div>
  );
}

function pastQuery(scope: string, gpuIds: readonly string[], toMs: number): HistoryQuery {
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
      quantity: 'powerWatts',
    })),
  };
}
