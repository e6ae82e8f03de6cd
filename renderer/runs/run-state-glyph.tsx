import type { RunSummary } from '../../shared/model/run.ts';
import { useAlertWords } from '../alerts/use-alert-words.ts';
import { useLive } from '../connection/connection-context.tsx';
import { StateGlyph } from '../design/state-glyph.tsx';

interface RunStateGlyphProps {
  readonly run: Pick<RunSummary, 'id' | 'status'>;
}

/** How a run stands: shape and word; with what it means that its processes are held, where they are. */
export function RunStateGlyph({ run }: RunStateGlyphProps) {
  return run.status === 'running' ? (
    <RunningGlyph runId={run.id} />
  ) : (
    <StateGlyph of={{ kind: 'run', state: run.status }} />
  );
}

/** Whether it is held is known of the live state alone: a record that outlives its engine would say so of a run that nobody holds. */
function RunningGlyph({ runId }: { readonly runId: string }) {
  const { t } = useAlertWords();
  const isPaused = useLive()?.runs.find((run) => run.id === runId)?.isPaused === true;
  return isPaused ? (
    <StateGlyph of={{ kind: 'run', state: 'paused' }} title={t('pausedText')} />
  ) : (
    <StateGlyph of={{ kind: 'run', state: 'running' }} />
  );
}
