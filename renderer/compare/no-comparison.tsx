import { hrefTo } from '../app/router.ts';
import { useRequest } from '../connection/use-request.ts';
import { EmptyState, FailedState, LoadingBars } from '../design/empty-state.tsx';
import { Keys } from '../design/menu.tsx';
import { useWords } from '../i18n/use-words.ts';
import { newestTwo } from './compare-choice.ts';

/** How to choose runs, and the newest two that finished at hand. */
export function NoComparison() {
  const { t } = useWords();
  const asked = useRequest('runs.list', { limit: 1000 }, { refreshOn: ['runs.changed'] });
  if (asked.error !== null && asked.data === null)
    return <FailedState what="table" error={asked.error} onRetry={asked.retry} />;
  if (asked.data === null) return <LoadingBars widths={[40, 60]} />;
  const runIds = newestTwo(asked.data.runs);
  const names = runIds.map((id) => asked.data?.runs.find((run) => run.id === id)?.name ?? id);
  return (
    <EmptyState
      title={t('compare.empty.title')}
      actions={
        <>
          {runIds.length > 0 && (
            <a className="btn pri" href={hrefTo({ page: 'compare', runIds })}>
              {t('compare.empty.newest')}
            </a>
          )}
          <a className="btn" href={hrefTo({ page: 'runs' })}>
            {t('compare.empty.choose')}
          </a>
        </>
      }
    >
      {t('compare.empty.select')} <Keys keys={['Space']} /> {t('compare.empty.press')} <Keys keys={['C']} />.
      {runIds.length > 0 && <> {t('compare.empty.names', { one: names[0], other: names[1] })}</>}
      {runIds.length === 0 && <> {t('compare.empty.tooFew')}</>}
    </EmptyState>
  );
}
