import { formatMoment } from '../../shared/format/moment.ts';
import type { ProjectTotals, WastefulRun } from '../../shared/model/project.ts';
import { hrefTo } from '../app/router.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { joulesText, shareText } from './project-texts.ts';
import { useProjectWords } from './use-project-words.ts';

interface WastefulRunsProps {
  readonly runs: readonly WastefulRun[];
  readonly totals: ProjectTotals;
}

/** Runs by the energy that bought nothing, and why it did not. */
export function WastefulRuns({ runs, totals }: WastefulRunsProps) {
  const { t } = useProjectWords();
  const locale = useLocale();
  const nowMs = Date.now();
  return (
    <div className="pj-sec">
      <header className="pj-head">
        <h3>{t('wasteful')}</h3>
      </header>
      {runs.length === 0 ? (
        <p className="pj-note">{t('wastefulNone')}</p>
      ) : (
        <>
          <table className="tb pj-waste" aria-label={t('wasteful')}>
            <thead>
              <tr>
                <th scope="col">{t('wasted.run')}</th>
                <th scope="col" className="w-when">
                  {t('wasted.started')}
                </th>
                <th scope="col" className="n">
                  {t('wasted.energy')}
                </th>
                <th scope="col" className="n">
                  {t('wasted.wasted')}
                </th>
                <th scope="col">{t('wasted.why')}</th>
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <tr key={run.id}>
                  <td className="p-name">
                    <a className="cut" href={hrefTo({ page: 'run', runId: run.id })} title={run.name}>
                      {run.name}
                    </a>
                  </td>
                  <td className="w-when">{formatMoment(Date.parse(run.startedAt), { locale, nowMs })}</td>
                  <td className="n">{joulesText(run.joules, totals, { locale })}</td>
                  <td className="n">
                    {joulesText(run.wastedJoules, totals, { locale })}{' '}
                    <span className="q">{shareText(run.wastedJoules, run.joules, { locale })}</span>
                  </td>
                  <td className={run.reason === 'failed' ? 'crit' : ''}>{t(`why.${run.reason}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="pj-note">{t('wastefulHow')}</p>
        </>
      )}
    </div>
  );
}
