import { formatExactDuration } from '../../shared/format/duration.ts';
import { formatClock, formatFullMoment, formatZone } from '../../shared/format/moment.ts';
import { partText } from '../../shared/format/ratio.ts';
import type { Provenance } from '../../shared/model/domain.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { axisUnit } from './axis-text.ts';
import type { TimeChartProps } from './chart-model.ts';
import type { MetricChartProps } from './metric-chart.tsx';
import type { LegendEntry, PictureFacts } from './picture-sheet.ts';
import { valueAxis } from './value-axis.ts';

type Words = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** What the page around a chart knows of it. */
export interface ChartAccount {
  readonly title: string;
  /** Whose it is, and between which bounds its energy lies; a line each. */
  readonly lines?: readonly string[];
  /** How long a point of it is; absent: of no such length. */
  readonly bucketSeconds?: number | null;
  /** True where a point stands for several samples. */
  readonly isReduced?: boolean;
  readonly evidence?: readonly { readonly provenance: Provenance; readonly ratio: number }[];
}

/** Who drew it: what stands at the foot of every picture. */
export interface Drawer {
  readonly version: string;
  readonly hostName: string;
  readonly hardware: string;
  readonly isSimulated: boolean;
  readonly nowMs: number;
}

interface FactInputs {
  readonly account: ChartAccount;
  readonly drawer: Drawer;
  readonly words: Words;
  readonly locale: string;
}

/** What is written around a chart over time. */
export function timeFacts(props: TimeChartProps, inputs: FactInputs): PictureFacts {
  const { account, drawer, words, locale } = inputs;
  const hasExtremes = [...props.series, ...(props.total === undefined ? [] : [props.total])].some(
    ({ min, max }) => min !== undefined && max !== undefined,
  );
  const when =
    props.isElapsed === true
      ? words('picture.elapsed', {
          duration: formatExactDuration(secondsFromMs(props.toMs - props.fromMs), { locale }),
        })
      : rangeText(props, { words, locale });
  const { bucketSeconds = null, isReduced = false } = account;
  const kept = props.isStacked === true ? 'picture.keptTotal' : 'picture.kept';
  const points =
    bucketSeconds === null
      ? []
      : [
          words('picture.point', { duration: formatExactDuration(bucketSeconds, { locale }) }),
          ...(isReduced ? [words(hasExtremes ? kept : 'picture.means')] : []),
        ];
  return {
    title: account.title,
    unit: axisUnit(props.unit, valueAxis(props).max).word,
    lines: [`${drawer.hostName} · ${drawer.hardware} · ${when}`, ...(account.lines ?? [])],
    warning: drawer.isSimulated ? words('picture.simulated') : null,
    legend: timeLegend(props, words),
    sources: [...points, ...sourceParts(inputs)],
  };
}

/** What is written around curves of a metric against energy. */
export function metricFacts(props: MetricChartProps, unit: string, inputs: FactInputs): PictureFacts {
  const { account, drawer, words } = inputs;
  return {
    title: account.title,
    unit,
    lines: [`${drawer.hostName} · ${drawer.hardware}`, ...(account.lines ?? [])],
    warning: drawer.isSimulated ? words('picture.simulated') : null,
    legend: [
      ...props.curves.map(({ label, color, dash }): LegendEntry => ({ label, sign: { kind: 'line', color, dash } })),
      ...(props.others.length === 0
        ? []
        : [{ label: words('picture.others'), sign: { kind: 'ring', color: 'none' } } as const]),
      ...(props.front.length < 2
        ? []
        : [{ label: words('picture.front'), sign: { kind: 'line', color: 'ink', dash: [1, 2] } } as const]),
    ],
    sources: [
      ...(props.curves.some(({ bounds }) => bounds !== null) ? [words('picture.whisker')] : []),
      ...sourceParts(inputs),
    ],
  };
}

function sourceParts({ account, drawer, words, locale }: FactInputs): readonly string[] {
  const parts = (account.evidence ?? []).filter(({ ratio }) => ratio > 0);
  const evidence = parts.map(({ provenance, ratio }) =>
    words('picture.share', { share: partText(ratio, { locale }), evidence: words(`evidence.short.${provenance}`) }),
  );
  return [
    ...(evidence.length === 0 ? [] : [words('picture.evidence', { parts: evidence.join(', ') })]),
    words('picture.by', { version: drawer.version }),
    words('picture.drawn', { time: formatFullMoment(drawer.nowMs, { locale, hasSeconds: true }) }),
  ];
}

function rangeText({ fromMs, toMs }: TimeChartProps, { words, locale }: Pick<FactInputs, 'words' | 'locale'>): string {
  const day = (atMs: number): string => new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(atMs);
  const clock = (atMs: number): string => formatClock(atMs, { locale, hasSeconds: true });
  const isOneDay = day(fromMs) === day(toMs);
  return words('picture.range', {
    from: `${day(fromMs)}, ${clock(fromMs)}`,
    to: `${isOneDay ? '' : `${day(toMs)}, `}${clock(toMs)} ${formatZone(toMs, { locale })}`,
  });
}

function timeLegend(props: TimeChartProps, words: Words): readonly LegendEntry[] {
  const isStacked = props.isStacked === true;
  const hasValue = (column: readonly (number | null)[]): boolean =>
    column.some((value) => value !== null && value !== 0);
  const series = props.series
    .filter(({ mean }) => hasValue(mean))
    .map(({ label, color, dash = [] }): LegendEntry => {
      return { label, sign: isStacked ? { kind: 'area', color } : { kind: 'line', color, dash } };
    });
  const gaps = props.gaps ?? [];
  const inSight = gaps.filter(({ fromMs, toMs }) => toMs > props.fromMs && fromMs < props.toMs);
  const limits = props.limits ?? [];
  const top = valueAxis(props).max;
  return [
    ...(props.total === undefined
      ? []
      : [{ label: props.total.label, sign: { kind: 'line', color: 'ink', dash: [] } } as const]),
    ...series,
    ...limits
      .filter(({ value }) => value <= top)
      .map(({ label }): LegendEntry => {
        return { label: words('picture.limit', { label }), sign: { kind: 'line', color: 'warn-mark', dash: [4, 3] } };
      }),
    ...(inSight.some(({ isPartial }) => isPartial !== true)
      ? [{ label: words('picture.gap'), sign: { kind: 'gap' } } as const]
      : []),
    ...(isStacked && inSight.some(({ isPartial }) => isPartial === true)
      ? [{ label: words('picture.partial'), sign: { kind: 'line', color: 'ink', dash: [4, 3] } } as const]
      : []),
  ];
}
