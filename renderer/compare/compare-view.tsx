import { useMemo, useState } from 'react';
import type { RunReport } from '../../shared/model/run.ts';
import { comparedRuns } from '../../shared/model/run-comparison.ts';
import { Page } from '../app/page.tsx';
import { navigate } from '../app/router.ts';
import { TopBar } from '../app/top-bar.tsx';
import { useNow } from '../app/use-now.ts';
import { useRequest } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { EmptyState, FailedState, LoadingBars } from '../design/empty-state.tsx';
import { Menu } from '../design/menu.tsx';
import { Strip } from '../design/strip.tsx';
import { useWords } from '../i18n/use-words.ts';
import { ExportMenu } from '../runs/export-menu.tsx';
import { PrintButton } from '../runs/print-button.tsx';
import { PrintHead } from '../runs/print-head.tsx';
import { useRepeated } from '../runs/use-repeated.ts';
import './compare.css';
import { CompareHeads } from './compare-heads.tsx';
import { comparedRunsOf } from './compared-run.ts';
import { DifferencesTable } from './differences-table.tsx';
import { MetricSection } from './metric-section.tsx';
import { NoComparison } from './no-comparison.tsx';
import { PowerOverlay } from './power-overlay.tsx';
import { type Answered, useRequests } from './use-requests.ts';

/** How often the record of a run that still runs is read anew. */
const refreshMs = 5000;
const mostOffered = 15;

/** Two to eight runs held against the first of them. */
export function CompareView({ runIds }: { readonly runIds: readonly string[] }) {
  const { t } = useWords();
  const shownIds = useMemo(() => runIds.slice(0, comparedRuns.most), [runIds]);
  return (
    <>
      <TopBar
        title={t('compare.title')}
        lead={
          shownIds.length > 0 && (
            <span className="q">{t('compare.count', { count: shownIds.length, most: comparedRuns.most })}</span>
          )
        }
      >
        <AddRun runIds={runIds} />
        {shownIds.length > 0 && <ExportMenu runIds={shownIds} />}
        {shownIds.length > 0 && <PrintButton />}
      </TopBar>
      <Page>
        {runIds.length > comparedRuns.most && <TooMany runIds={runIds} />}
        {shownIds.length === 0 ? <NoComparison /> : <Compared runIds={shownIds} />}
      </Page>
    </>
  );
}

function TooMany({ runIds }: { readonly runIds: readonly string[] }) {
  const { t } = useWords();
  const { most } = comparedRuns;
  return (
    <Strip
      tone="info"
      title={t('compare.tooMany.title', { most })}
      actions={
        <Button size="small" onClick={() => navigate({ page: 'compare', runIds: runIds.slice(0, most) })}>
          {t('compare.tooMany.drop')}
        </Button>
      }
    >
      {t('compare.tooMany.text', { count: runIds.length - most })}
    </Strip>
  );
}

/** The newest runs that are not here yet. */
function AddRun({ runIds }: { readonly runIds: readonly string[] }) {
  const { t } = useWords();
  const asked = useRequest('runs.list', { limit: mostOffered + comparedRuns.most }, { refreshOn: ['runs.changed'] });
  const offered = (asked.data?.runs ?? []).filter((run) => !runIds.includes(run.id)).slice(0, mostOffered);
  const isFull = runIds.length >= comparedRuns.most;
  return (
    <Menu
      align="end"
      trigger={
        <Button
          icon="plus"
          disabled={isFull || offered.length === 0}
          title={isFull ? t('compare.refusal.too-many', { most: comparedRuns.most }) : t('compare.add')}
        >
          <span className="btn-word">{t('compare.add')}</span>
        </Button>
      }
      items={offered.map((run) => ({
        key: run.id,
        label: run.name,
        onSelect: () => navigate({ page: 'compare', runIds: [...runIds, run.id] }),
      }))}
    />
  );
}

type ReportAnswer = Answered<RunReport> | null;

function Compared({ runIds }: { readonly runIds: readonly string[] }) {
  const nowMs = useNow();
  const [turn, setTurn] = useState(0);
  const again = useMemo(() => () => setTurn((before) => before + 1), []);
  const payloads = useMemo(() => runIds.map((runId) => ({ runId })), [runIds]);
  const answers = useRequests('runs.read', payloads, { keys: runIds, turn });
  const isRunning = answers.some((answer) => answer?.data?.run.status === 'running');
  useRepeated(again, isRunning ? refreshMs : null);
  // What is on record changes seldom: the charts are drawn anew only then, not with each second of the clock.
  const key = answers
    .map((answer) => (answer?.data === null || answer === null ? '' : JSON.stringify(answer.data)))
    .join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the reports' text is what it follows
  const runs = useMemo(
    () => comparedRunsOf(answers.flatMap((answer) => (answer?.error === null ? (answer.data ?? []) : []))),
    [key],
  );
  if (answers.some((answer) => answer === null)) return <LoadingBars widths={[30, 60, 96, 94, 92]} />;
  return (
    <>
      {answers.map((answer, index) => (
        <NotRead key={runIds[index]} id={runIds[index] ?? ''} answer={answer} runIds={runIds} onRetry={again} />
      ))}
      {runs.length === 0 ? (
        <NoComparison />
      ) : (
        <div className="cp">
          <PrintHead title={runs.map(({ report }) => report.run.name).join(' · ')} />
          <CompareHeads runs={runs} runIds={runIds} />
          {runs.length < comparedRuns.least ? (
            <OnlyOne />
          ) : (
            <>
              <PowerOverlay runs={runs} nowMs={Math.floor(nowMs / refreshMs) * refreshMs} turn={turn} onRetry={again} />
              <MetricSection runs={runs} />
              <DifferencesTable runs={runs} />
            </>
          )}
        </div>
      )}
    </>
  );
}

function OnlyOne() {
  const { t } = useWords();
  return <EmptyState title={t('compare.onlyOne.title')}>{t('compare.onlyOne.text')}</EmptyState>;
}

interface NotReadProps {
  readonly id: string;
  readonly answer: ReportAnswer;
  readonly runIds: readonly string[];
  readonly onRetry: () => void;
}

/** A run that is not on record, or could not be read: said by its id, the others go on. */
function NotRead({ id, answer, runIds, onRetry }: NotReadProps) {
  const { t } = useWords();
  if (answer === null || answer.error === null) return null;
  if (answer.error.code !== 'runs/not-found')
    return <FailedState what="table" error={answer.error} onRetry={onRetry} />;
  return (
    <Strip
      tone="warn"
      title={t('run.notFound.title')}
      actions={
        <Button
          size="small"
          onClick={() => navigate({ page: 'compare', runIds: runIds.filter((each) => each !== id) })}
        >
          {t('compare.leaveOut')}
        </Button>
      }
    >
      {t('run.notFound.text', { id })}
    </Strip>
  );
}
