import { formatNumber } from '../../shared/format/number-text.ts';
import { Page } from '../app/page.tsx';
import { TopBar } from '../app/top-bar.tsx';
import { useRequest } from '../connection/use-request.ts';
import { EmptyState, FailedState, LoadingBars } from '../design/empty-state.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { ExportMenu } from '../runs/export-menu.tsx';
import { ProjectDetail } from './project-detail.tsx';
import './projects.css';
import { ProjectsTable } from './projects-table.tsx';
import { useProjectWords } from './use-project-words.ts';

const none: readonly [] = [];

/** What each project took, week by week, and what of it was lost. */
export function ProjectsView({ project }: { readonly project?: string | null | undefined }) {
  const { t } = useProjectWords();
  const locale = useLocale();
  const asked = useRequest('projects.list', {}, { refreshOn: ['runs.changed'] });
  const projects = asked.data?.projects ?? none;
  const selected = projects.find((one) => project !== undefined && one.project === project) ?? projects[0] ?? null;
  return (
    <>
      <TopBar
        title={t('title')}
        lead={projects.length > 0 && <span className="q">{formatNumber(projects.length, 0, locale)}</span>}
      >
        <ExportMenu
          runIds={null}
          {...(selected?.project === null || selected === null ? {} : { project: selected.project })}
          isDisabled={selected === null || selected.project === null}
        />
      </TopBar>
      <Page>
        {asked.error !== null && asked.data === null ? (
          <FailedState what="table" error={asked.error} onRetry={asked.retry} />
        ) : asked.data === null ? (
          <LoadingBars widths={[92, 86, 94, 80]} />
        ) : selected === null ? (
          <EmptyState title={t('empty.title')}>{t('empty.text')}</EmptyState>
        ) : (
          <div className="pj">
            <section className="pj-list" aria-label={t('title')}>
              <ProjectsTable projects={projects} selected={selected.project} />
            </section>
            <ProjectDetail key={selected.project ?? '-'} summary={selected} />
          </div>
        )}
      </Page>
    </>
  );
}
