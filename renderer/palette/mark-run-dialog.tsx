import { useState } from 'react';
import { useNotice } from '../app/announcer.tsx';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { Dialog } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import type { NamedRun } from './command.ts';
import { usePaletteWords } from './use-palette-words.ts';

/** As long as the contract takes. */
const longestLabel = 200;

/** Puts a mark with a name into a run that goes on. */
export function MarkRunDialog({ run, onClose }: { readonly run: NamedRun; readonly onClose: () => void }) {
  const words = usePaletteWords();
  const { request } = useEngine();
  const showNotice = useNotice();
  const [label, setLabel] = useState('');
  const [error, setError] = useState<string | null>(null);
  const mark = async (): Promise<void> => {
    try {
      await request('runs.mark', { runId: run.id, kind: 'note', label: label.trim() });
      showNotice({ text: words('done.marked', { name: run.name }) });
      onClose();
    } catch (problem) {
      setError(words('done.failed', { code: wattrunError(problem).code }));
    }
  };
  return (
    <Dialog
      isOpen
      title={words('mark.title', { name: run.name })}
      confirmLabel={words('mark.confirm')}
      isBusy={label.trim() === ''}
      onClose={onClose}
      onConfirm={mark}
    >
      <p className="s">{words('mark.text')}</p>
      <Field
        label={words('mark.label')}
        value={label}
        maxLength={longestLabel}
        autoComplete="off"
        error={error}
        onChange={(event) => setLabel(event.target.value)}
      />
    </Dialog>
  );
}
