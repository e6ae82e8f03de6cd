import { type ChangeEvent, type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportResult } from '../../shared/contract/engine-contract.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { importFile } from './import-file.ts';
import './import.css';

interface Answer {
  readonly result: ImportResult;
  readonly isDone: boolean;
}

/** Takes in another tool's runs: first says what would come of it, then does it. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation('reports');
  const { request } = useEngine();
  const [file, setFile] = useState<File | null>(null);
  const [project, setProject] = useState('');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const isChecked = answer !== null && !answer.isDone;

  const send = async (chosen: File, isDryRun: boolean): Promise<void> => {
    setIsBusy(true);
    setError(null);
    try {
      const result = await importFile(chosen, { request, project: project.trim() || null, isDryRun });
      setAnswer({ result, isDone: !isDryRun });
    } catch (problem) {
      setAnswer(null);
      setError(t('import.failed', { message: wattrunError(problem).message }));
    } finally {
      setIsBusy(false);
    }
  };
  const choose = (chosen: File): void => {
    setFile(chosen);
    void send(chosen, true);
  };
  const confirm = async (): Promise<void> => {
    if (answer?.isDone === true) onClose();
    else if (file !== null) await send(file, false);
  };
  return (
    <Dialog
      isOpen
      title={t('import.title')}
      confirmLabel={answer?.isDone === true ? t('import.close') : t('import.confirm')}
      isBusy={isBusy || file === null || (isChecked && answer.result.imported === 0)}
      onClose={onClose}
      onConfirm={confirm}
    >
      <p className="s">{t('import.text')}</p>
      <FilePicker file={file} isDisabled={isBusy} error={error} onChoose={choose} />
      <Field
        label={t('import.project')}
        value={project}
        maxLength={200}
        autoComplete="off"
        hint={t('import.projectHint')}
        onChange={(event) => setProject(event.target.value)}
      />
      {answer !== null && <Outcome {...answer} />}
    </Dialog>
  );
}

interface FilePickerProps {
  readonly file: File | null;
  readonly isDisabled: boolean;
  readonly error: string | null;
  readonly onChoose: (file: File) => void;
}

function FilePicker({ file, isDisabled, error, onChoose }: FilePickerProps): ReactNode {
  const { t } = useTranslation('reports');
  const id = useId();
  const change = (event: ChangeEvent<HTMLInputElement>): void => {
    const chosen = event.target.files?.[0];
    // The same file can be chosen again once it was changed.
    event.target.value = '';
    if (chosen !== undefined) onChoose(chosen);
  };
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {t('import.file')}
      </label>
      <input
        id={id}
        className="vh"
        type="file"
        accept=".csv,text/csv"
        disabled={isDisabled}
        tabIndex={-1}
        onChange={change}
      />
      <Button
        icon="plus"
        disabled={isDisabled}
        aria-describedby={error === null ? undefined : `${id}note`}
        onClick={() => document.getElementById(id)?.click()}
      >
        <span className="cut">{file?.name ?? t('import.choose')}</span>
      </Button>
      {error !== null && (
        <span id={`${id}note`} className="field-note crit" role="alert">
          {error}
        </span>
      )}
    </div>
  );
}

function Outcome({ result, isDone }: Answer): ReactNode {
  const { t } = useTranslation('reports');
  const { imported, known, repaired, refused, notes } = result;
  const sentences = [
    t(isDone ? 'import.done' : 'import.would', { count: imported }),
    ...(known > 0 ? [t('import.known', { count: known })] : []),
    ...(repaired > 0 ? [t('import.repaired', { count: repaired })] : []),
    ...(refused > 0 ? [t('import.refused', { count: refused })] : []),
  ];
  return (
    <div className="imp" role="status">
      <p>{sentences.join(' ')}</p>
      {notes.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls has to be reached by keys
        <ul className="imp-notes" tabIndex={0} aria-label={t('import.title')}>
          {notes.map(({ line, kind, message }) => (
            <li key={`${line}${message}`}>
              <b>{t('import.line', { line })}</b>{' '}
              <span className={kind === 'refused' ? 'crit' : 'q'}>{t(`import.kind.${kind}`)}</span> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
