import type { RunSummary } from '../../shared/model/run.ts';
import { useAlertWords } from '../alerts/use-alert-words.ts';
import { useLive } from '../connection/connection-context.tsx';
import { StateGlyph } from '../design/state-glyph.tsx';
import { useWords } from '../i18n/use-words.ts';

interface RunStateGlyphProps {
  readonly run: Pick<RunSummary, 'id' | 'status' | 'stoppedBy'>;
}

/** How a run stands: shape and word; with what it means that its processes are held, where they are, and the alert that stopped it. */
export function RunStateGlyph({ run }: RunStateGlyphProps) {
  if (run.status === 'running') return <RunningGlyph runId={run.id} />;
  return run.status === 'stopped' && run.stoppedBy !== null ? (
    <StoppedGlyph rule={run.stoppedBy.rule} />
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

/** 'Stopped by Power above 300 W for 30 s'; the bare word where the place has no room for more, and all of it to readers and in the title. */
function StoppedGlyph({ rule }: { readonly rule: string }) {
  const { t } = useWords();
  const words = t('stoppedBy', { rule });
  return (
    <StateGlyph
      of={{ kind: 'run', state: 'stopped' }}
      title={words}
      word={
        <>
          <span className="st-by cut">{words}</span>
          <span className="st-bare" aria-hidden="true">
            {t('state.run.stopped')}
          </span>
        </>
      }
    />
  );
}
