import { useCallback } from 'react';
import type { RunSummary } from '../../shared/model/run.ts';
import { useNotice } from '../app/announcer.tsx';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { changedLabels, labelsOf, type RunLabels, type TagChange } from './tag-change.ts';
import { offerUndo } from './undo.ts';
import { useRecordWords } from './use-record-words.ts';

type Labelled = Pick<RunSummary, 'id' | 'project' | 'tags'>;

const payloadOf = (labels: readonly RunLabels[]) => ({
  labels: labels.map(({ runId, project, tags }) => ({ runId, project, tags: { ...tags } })),
});

/** Changes tags and project of many runs at once and offers Undo while the notice stands. Gives a code where it failed. */
export function useRelabelRuns(): (runs: readonly Labelled[], change: TagChange) => Promise<string | null> {
  const { t } = useRecordWords();
  const { request } = useEngine();
  const showNotice = useNotice();
  return useCallback(
    async (runs, change) => {
      const labels = changedLabels(runs, change);
      if (labels.length === 0) return null;
      const changedIds = new Set(labels.map(({ runId }) => runId));
      const before = payloadOf(runs.filter((run) => changedIds.has(run.id)).map(labelsOf));
      const undo = (): void => {
        request('runs.relabel', before).catch((error: unknown) =>
          showNotice({ text: t('tag.undoFailed', { code: wattrunError(error).code }) }),
        );
      };
      try {
        const { changed } = await request('runs.relabel', payloadOf(labels));
        offerUndo(showNotice, { text: t('tag.done', { count: changed }), actionLabel: t('undo') }, undo);
        return null;
      } catch (error) {
        return wattrunError(error).code;
      }
    },
    [request, showNotice, t],
  );
}
