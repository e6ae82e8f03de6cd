import { useEffect, useId, useState } from 'react';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { useWords } from '../i18n/use-words.ts';

const longest = 20_000;

interface RunNotesProps {
  readonly runId: string;
  readonly notes: string;
}

/** Notes are written in place and kept when the field is left or Ctrl Enter is pressed; Escape takes the change back. */
export function RunNotes({ runId, notes }: RunNotesProps) {
  const { t } = useWords();
  const { request } = useEngine();
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const [errorCode, setErrorCode] = useState<string | null>(null);
  useEffect(() => {
    if (draft === notes) setDraft(null);
  }, [draft, notes]);
  const save = (): void => {
    if (draft === null || draft === notes) return;
    setErrorCode(null);
    request('runs.update', { runId, notes: draft }).then(
      () => setErrorCode(null),
      (error: unknown) => setErrorCode(wattrunError(error).code),
    );
  };
  return (
    <>
      <div className="hd hl">
        <h2>
          <label htmlFor={id}>{t('run.notes.title')}</label>
        </h2>
      </div>
      <div className="notes">
        <textarea
          id={id}
          className="area"
          rows={3}
          maxLength={longest}
          placeholder={t('run.notes.placeholder')}
          value={draft ?? notes}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setDraft(null);
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
          }}
        />
        {errorCode !== null && (
          <p className="crit row">
            {t('run.notes.failed', { code: errorCode })}
            <Button size="small" onClick={save}>
              {t('tryAgain')}
            </Button>
          </p>
        )}
      </div>
    </>
  );
}
