import type { RunReport } from '../../shared/model/run.ts';
import { navigate } from '../app/router.ts';
import { useRequest } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { useWords } from '../i18n/use-words.ts';
import { runBefore } from './compare-choice.ts';

/** As many as one answer may hold: the run before may be long ago. */
const mostRuns = 10_000;

/** Holds a run against the one before it, of its name or its project; nothing where there is none. */
export function CompareBefore({ run }: { readonly run: RunReport['run'] }) {
  const { t } = useWords();
  const runs = useRequest('runs.list', { limit: mostRuns }).data?.runs ?? [];
  const before = runBefore(run, runs);
  if (before === null) return null;
  return (
    <Button
      icon="compare"
      title={t('compare.withBefore', { name: before.name })}
      onClick={() => navigate({ page: 'compare', runIds: [before.id, run.id] })}
    >
      <span className="btn-word">{t('compare.button')}</span>
    </Button>
  );
}
