import { useCallback, useMemo, useState } from 'react';
import type { RunReport } from '../../shared/model/run.ts';
import { useNotice } from '../app/announcer.tsx';
import { Page } from '../app/page.tsx';
import { hrefTo } from '../app/router.ts';
import { TopBar } from '../app/top-bar.tsx';
import { useNow } from '../app/use-now.ts';
import { RunEmissionsSection } from '../carbon/run-emissions-section.tsx';
import { CrosshairScope } from '../charts/crosshair.tsx';
import { useEngine, useLive } from '../connection/connection-context.tsx';
import { type Asked, useRequest, wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { EmptyState, FailedState, LoadingBars } from '../design/empty-state.tsx';
import { useWords } from '../i18n/use-words.ts';
import { ProgressSection } from '../progress/progress-section.tsx';
import { withLiveSums } from './live-report.ts';
import { PrintHead } from './print-head.tsx';
import { RunControls } from './run-controls.tsx';
import { RunDomainsTable } from './run-domains-table.tsx';
import { RunFactsSection } from './run-facts-section.tsx';
import { RunFigures } from './run-figures.tsx';
import { tagTexts } from './run-filter.ts';
import { spanOf, type TimeSpan } from './run-history-query.ts';
import { RunPowerChart } from './run-power-chart.tsx';
import { RunSide } from './run-side.tsx';
import { RunStateCharts } from './run-state-charts.tsx';
import { RunStateGlyph } from './run-state-glyph.tsx';
import { RunTitle } from './run-title.tsx';
import './run.css';
import { useRepeated } from './use-repeated.ts';

/** How often the record of a run that still runs is read anew; its figures follow the live ones in between. */
const refreshMs = 5000;

export function RunView({ runId }: { readonly runId: string }) {
  const asked = useRequest('runs.read', { runId }, { refreshOn: ['runs.changed', 'alerts.changed'] });
  const stored = asked.data;
  useRepeated(asked.retry, stored?.run.status === 'running' ? refreshMs : null);
  const liveRun = useLive()?.runs.find((run) => run.id === runId);
  const report = useMemo(() => (stored === null ? null : withLiveSums(stored, liveRun)), [stored, liveRun]);
  // What was read before it was deleted stays, but is no run any more.
  const isGone = asked.error?.code === 'runs/not-found';
  const isPaused = liveRun?.isPaused === true;
  return (
    <>
      <TopBar
        title={<RunTitle runId={runId} name={report?.run.name ?? runId} />}
        lead={report !== null && !isGone && <Status run={report.run} />}
      >
        {report !== null && !isGone && <RunControls report={report} isPaused={isPaused} />}
      </TopBar>
      <Page>
        {stored === null || report === null ? (
          <NotYet asked={asked} runId={runId} />
        ) : isGone ? (
          <Deleted run={report.run} />
        ) : (
          <RunBody report={report} stored={stored} />
        )}
      </Page>
    </>
  );
}

function Status({ run }: { readonly run: RunReport['run'] }) {
  const { t } = useWords();
  return (
    <>
      <RunStateGlyph run={run} />
      {run.isSimulated && <span className="tag">{t('simulated')}</span>}
      {run.foundBy === 'process' && (
        <span className="tag" title={t('run.found.hint')}>
          {t('run.found.long')}
        </span>
      )}
      {tagTexts(run.tags)
        .slice(0, 2)
        .map((tag) => (
          <span className="tag own hide-n" key={tag} title={tag}>
            {tag}
          </span>
        ))}
    </>
  );
}

function NotYet({ asked, runId }: { readonly asked: Asked<RunReport>; readonly runId: string }) {
  const { t } = useWords();
  if (asked.error === null) return <LoadingBars widths={[30, 60, 96, 94, 92]} />;
  if (asked.error.code !== 'runs/not-found')
    return <FailedState what="table" error={asked.error} onRetry={asked.retry} />;
  return (
    <EmptyState
      title={t('run.notFound.title')}
      actions={<a href={hrefTo({ page: 'runs' })}>{t('run.notFound.all')}</a>}
    >
      {t('run.notFound.text', { id: runId })}
    </EmptyState>
  );
}

function Deleted({ run }: { readonly run: RunReport['run'] }) {
  const { t } = useWords();
  const { request } = useEngine();
  const showNotice = useNotice();
  const restore = (): void => {
    request('runs.restore', { runIds: [run.id] }).then(
      ({ restored }) => restored === 0 && showNotice({ text: t('run.deleted.gone') }),
      (error: unknown) => showNotice({ text: t('runs.restoreFailed', { code: wattrunError(error).code }) }),
    );
  };
  return (
    <EmptyState
      title={t('run.deleted.title')}
      actions={
        <>
          <Button onClick={restore}>{t('undo')}</Button>
          <a href={hrefTo({ page: 'runs' })}>{t('run.notFound.all')}</a>
        </>
      }
    >
      {t('run.deleted.text', { name: run.name })}
    </EmptyState>
  );
}

interface RunBodyProps {
  /** With live sums: for the figures. */
  readonly report: RunReport;
  /** As stored: for charts and tables, which are not drawn anew with each reading. */
  readonly stored: RunReport;
}

function RunBody({ report, stored }: RunBodyProps) {
  const nowMs = useNow();
  const [zoom, setZoom] = useState<TimeSpan | null>(null);
  const toMs = Math.floor(nowMs / refreshMs) * refreshMs;
  const { fromMs, toMs: endMs } = spanOf(stored.run, toMs);
  const whole = useMemo(() => ({ fromMs, toMs: endMs }), [fromMs, endMs]);
  const onZoom = useCallback((next: TimeSpan | null) => setZoom(next), []);
  return (
    <div className="rp">
      <PrintHead title={report.run.name} state={<RunStateGlyph run={report.run} />} />
      <RunFigures report={report} nowMs={nowMs} />
      <CrosshairScope>
        <div className="left">
          <RunPowerChart report={stored} span={whole} zoom={zoom} onZoom={onZoom} />
          <div>
            <RunDomainsTable report={stored} />
            <ProgressSection report={stored} />
            <RunFactsSection report={stored} />
            <RunEmissionsSection report={stored} />
          </div>
          <RunStateCharts report={stored} span={zoom ?? whole} onZoom={onZoom} />
        </div>
      </CrosshairScope>
      <RunSide report={report} nowMs={nowMs} />
    </div>
  );
}
