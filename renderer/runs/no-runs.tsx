import { useEngine, useSettings } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { CommandLine } from '../design/command-line.tsx';
import { EmptyState } from '../design/empty-state.tsx';
import { useWords } from '../i18n/use-words.ts';

const command = 'wattrun run -- python train.py';

/** What to do while nothing was ever recorded. */
export function NoRuns() {
  const { t } = useWords();
  const isFinding = useSettings()?.isFindingRuns === true;
  const { description, request } = useEngine();
  const canDemo = description?.canDemo === true && !description.isSimulated;
  return (
    <div className="no-runs">
      <EmptyState title={t('runs.empty.title')}>
        {t('runs.empty.before')} <code className="mono">wattrun run --</code>{' '}
        {t(isFinding ? 'runs.empty.afterFound' : 'runs.empty.after')}
      </EmptyState>
      <CommandLine command={command} />
      {canDemo && <Button onClick={() => void request('demo.enter', {})}>{t('demo.open')}</Button>}
    </div>
  );
}
