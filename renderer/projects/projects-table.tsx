import { emissionsOfEnergy, formatEmissionsWithBounds } from '../../shared/format/emissions.ts';
import { formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatNumber } from '../../shared/format/number-text.ts';
import { quantityText, valueText } from '../../shared/format/quantity.ts';
import type { ProjectSummary } from '../../shared/model/project.ts';
import { hrefTo, navigate } from '../app/router.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { costsText, joulesText, trendText } from './project-texts.ts';
import { useProjectWords } from './use-project-words.ts';

interface ProjectsTableProps {
  readonly projects: readonly ProjectSummary[];
  readonly selected: string | null;
}

/** Projects by energy. A name is a link, so that keys and the browser's history lead there; a click anywhere in its row goes along. */
export function ProjectsTable({ projects, selected }: ProjectsTableProps) {
  const { t } = useProjectWords();
  return (
    <table className="tb pj-table" aria-label={t('title')}>
      <thead>
        <tr>
          <th scope="col">{t('column.project')}</th>
          <th scope="col" className="n">
            {t('column.runs')}
          </th>
          <th scope="col" className="n">
            {t('column.energy')}
          </th>
          <th scope="col" className="n">
            {t('column.emissions')}
          </th>
          <th scope="col" className="n p-cost">
            {t('column.cost')}
          </th>
          <th scope="col" className="n p-lost">
            {t('column.lost')}
          </th>
          <th scope="col" className="n p-lost">
            {t('column.idle')}
          </th>
          <th scope="col" className="n">
            {t('column.trend')}
          </th>
        </tr>
      </thead>
      <tbody>
        {projects.map((one) => (
          <ProjectRow key={one.project ?? '-'} summary={one} isSelected={one.project === selected} />
        ))}
      </tbody>
    </table>
  );
}

function ProjectRow({ summary, isSelected }: { readonly summary: ProjectSummary; readonly isSelected: boolean }) {
  const { t } = useProjectWords();
  const locale = useLocale();
  const { project, runs, totals, loss, trend } = summary;
  const route = { page: 'projects', project } as const;
  return (
    <tr className={isSelected ? 'sel' : ''} onClick={() => navigate(route)}>
      <td className="p-name">
        <a
          className="cut"
          href={hrefTo(route)}
          aria-current={isSelected ? 'true' : undefined}
          title={project ?? undefined}
        >
          {project ?? <span className="q">{t('none')}</span>}
        </a>
      </td>
      <td className="n">{formatNumber(runs, 0, locale)}</td>
      <td className="n">{quantityText(formatEnergyWithBounds(totals, { locale }))}</td>
      <td className="n">
        {valueText(formatEmissionsWithBounds(emissionsOfEnergy(totals.gramsCO2e, totals), { locale }))}
      </td>
      <td className="n p-cost">{costsText(totals.costs, { locale })}</td>
      <td className="n p-lost">{loss.failedRuns === 0 ? '–' : joulesText(loss.failedJoules, totals, { locale })}</td>
      <td className="n p-lost">{joulesText(loss.idleJoules, totals, { locale })}</td>
      <td className="n">{trendText(trend, { locale })}</td>
    </tr>
  );
}
