import { useMemo, useState } from 'react';
import { type EnergyUnit, energyInUnit, energyUnitFor } from '../../shared/format/energy.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { comparedRuns } from '../../shared/model/run-comparison.ts';
import {
  type MetricDirection,
  type MetricPoint,
  metricDirection,
  metricPoints,
  paretoFront,
  sharedMetricKinds,
} from '../../shared/model/run-metrics.ts';
import { MetricChart, type MetricPlace } from '../charts/metric-chart.tsx';
import { useRequest } from '../connection/use-request.ts';
import { CommandLine } from '../design/command-line.tsx';
import { Select } from '../design/select.tsx';
import { ChartMenu } from '../exports/chart-menu.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { energyLine } from '../runs/energy-line.ts';
import type { ComparedRun } from './compared-run.ts';
import { titleMetric } from './metric-title.ts';
import { useRequests } from './use-requests.ts';

const markCommand = 'wattrun mark "epoch 3" --kind loss --value 1.21';
/** Other runs whose ends are drawn: each has to be read, and more would be a cloud. */
const mostOthers = 24;

interface MetricSectionProps {
  readonly runs: readonly ComparedRun[];
}

/** A metric against energy where at least two runs have one; else how to get it. */
export function MetricSection({ runs }: MetricSectionProps) {
  const { t } = useWords();
  const kinds = sharedMetricKinds(runs.map(({ report }) => report));
  const [chosen, setChosen] = useState<string | null>(null);
  const [directions, setDirections] = useState<Readonly<Record<string, MetricDirection>>>({});
  const kind = kinds.find((each) => each === chosen) ?? kinds[0];
  if (kind === undefined)
    return (
      <section className="cp-metric sec">
        <div className="hd">
          <h2>{t('compare.metric.none')}</h2>
        </div>
        <div className="cp-how">
          <p className="s">{t('compare.metric.how')}</p>
          <CommandLine command={markCommand} />
        </div>
      </section>
    );
  const direction = directions[kind] ?? metricDirection(kind);
  return (
    <section className="cp-metric sec">
      <div className="hd">
        <h2>{t('compare.metric.title', { metric: titleMetric(kind) })}</h2>
        <div className="r">
          <Select
            label={t('compare.metric.direction')}
            size="small"
            look="button"
            value={direction}
            choices={(['less', 'more'] as const).map((value) => ({ value, label: t(`compare.metric.${value}`) }))}
            onChange={(value) => setDirections((all) => ({ ...all, [kind]: value }))}
          />
          {kinds.length > 1 && (
            <Select
              label={t('compare.metric.which')}
              size="small"
              look="button"
              value={kind}
              choices={kinds.map((value) => ({ value, label: value }))}
              onChange={setChosen}
            />
          )}
        </div>
      </div>
      <MetricCurves runs={runs} kind={kind} direction={direction} />
    </section>
  );
}

interface MetricCurvesProps extends MetricSectionProps {
  readonly kind: string;
  readonly direction: MetricDirection;
}

function MetricCurves({ runs, kind, direction }: MetricCurvesProps) {
  const { t } = useWords();
  const locale = useLocale();
  const others = useOtherEnds(runs, kind);
  const { chart, unit } = useMemo(() => {
    const ends = [...runs.flatMap(({ report }) => metricPoints(report, kind).at(-1) ?? []), ...others];
    const most = Math.max(0, ...ends.map(({ joules }) => joules));
    const unit = energyUnitFor(most);
    const at = placeIn(unit);
    const curves = runs.map(({ id, label, color, dash, report }) => {
      const points = metricPoints(report, kind);
      return { key: id, label, color, dash, points: points.map(at), bounds: boundsOf(report, points.at(-1), unit) };
    });
    return { chart: { curves, others: others.map(at), front: paretoFront(ends, direction).map(at) }, unit };
  }, [runs, others, kind, direction]);
  return (
    <>
      <div className="ch">
        <MetricChart {...chart} ariaSentence={t('compare.metric.sentence', { metric: kind, count: runs.length })} />
      </div>
      <div className="cp-under">
        <span className="row">
          <svg width="16" height="8" aria-hidden="true">
            <path d="M0 4H16" stroke="var(--ink)" strokeDasharray="1 2" />
          </svg>
          {t('compare.metric.front')}
        </span>
        <span className="row">
          {t('compare.metric.axis', { unit })}
          <ChartMenu
            title={t('compare.metric.title', { metric: kind })}
            chart={{
              kind: 'metric',
              unit: t('compare.metric.axis', { unit }),
              props: { ...chart, ariaSentence: '' },
            }}
            lines={runs.map(({ report }) => energyLine(report, t, locale))}
          />
        </span>
      </div>
    </>
  );
}

const placeIn =
  (unit: EnergyUnit) =>
  ({ joules, value }: MetricPoint): MetricPlace => ({ x: energyInUnit(joules, unit), y: value });

/** As sure as the run's whole energy is. */
function boundsOf({ energy }: RunReport, end: MetricPoint | undefined, unit: EnergyUnit) {
  const { totalJoules, lowJoules, highJoules } = energy;
  if (end === undefined || totalJoules === null || totalJoules <= 0 || lowJoules === null || highJoules === null)
    return null;
  const scaled = (joules: number): number => energyInUnit((end.joules * joules) / totalJoules, unit);
  return { low: scaled(lowJoules), high: scaled(highJoules) };
}

/** Where the newest other runs of the project ended. */
function useOtherEnds(runs: readonly ComparedRun[], kind: string): readonly MetricPoint[] {
  const project = runs[0]?.report.run.project ?? null;
  const listed = useRequest('runs.list', { project, limit: mostOthers + comparedRuns.most }).data?.runs;
  const ids = useMemo(
    () =>
      (listed ?? [])
        .filter((run) => run.project === project && run.status !== 'running' && runs.every(({ id }) => id !== run.id))
        .slice(0, mostOthers)
        .map((run) => run.id),
    [listed, runs, project],
  );
  const answers = useRequests(
    'runs.read',
    ids.map((runId) => ({ runId })),
    { keys: ids },
  );
  return useMemo(
    () =>
      answers.flatMap((answer) => {
        const report = answer?.data ?? null;
        return report === null ? [] : (metricPoints(report, kind).at(-1) ?? []);
      }),
    [answers, kind],
  );
}
