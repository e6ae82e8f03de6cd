import type { ProjectSummary } from '../../shared/model/project.ts';
import { navigate } from '../app/router.ts';
import { useRequest } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { FailedState, LoadingBars } from '../design/empty-state.tsx';
import { noFilters } from '../runs/run-filter.ts';
import { setFilters } from '../runs/runs-store.ts';
import { PeriodBars } from './period-bars.tsx';
import { ProjectFigures } from './project-figures.tsx';
import { useProjectWords } from './use-project-words.ts';
import { WastefulRuns } from './wasteful-runs.tsx';

/** One project: its figures at once, its weeks and its losses as soon as they are read. */
export function ProjectDetail({ summary }: { readonly summary: ProjectSummary }) {
  const { t } = useProjectWords();
  const { project } = summary;
  const asked = useRequest('projects.read', { project }, { refreshOn: ['runs.changed'] });
  const showRuns = (): void => {
    if (project !== null) setFilters({ ...noFilters, project });
    navigate({ page: 'runs' });
  };
  return (
    <section className="pj-one" aria-label={project ?? t('none')}>
      <header className="pj-head">
        <h2 className="cut" title={project ?? undefined}>
          {project ?? t('none')}
        </h2>
        {summary.isSimulated && <span className="tag">{t('simulated')}</span>}
        <span className="grow" />
        {project !== null && (
          <Button size="small" icon="runs" onClick={showRuns}>
            {t('showRuns')}
          </Button>
        )}
      </header>
      <ProjectFigures summary={summary} />
      {asked.error !== null && asked.data === null ? (
        <FailedState what="chart" error={asked.error} onRetry={asked.retry} />
      ) : asked.data === null ? (
        <LoadingBars widths={[70, 90, 60]} />
      ) : (
        <>
          <PeriodBars weeks={asked.data.weeks} months={asked.data.months} totals={summary.totals} />
          <WastefulRuns runs={asked.data.wasteful} totals={summary.totals} />
        </>
      )}
    </section>
  );
}
