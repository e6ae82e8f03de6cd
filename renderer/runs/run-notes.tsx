import { useEffect, useId, useRef, useState } from 'react';
import { useEngine } from '../connection/connection-context.tsx';
import { useLateSave } from '../connection/late-save.ts';
import { wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { useWords } from '../i18n/use-words.ts';

const longest = 20_000;

interface RunNotesProps {
  readonly runId: string;
  readonly notes: string;
}

/** Notes are written in place and kept when typing pauses, the field is left or Ctrl Enter is pressed; Escape takes back what was written since it was entered. */
export function RunNotes({ runId, notes }: RunNotesProps) {
  const { t } = useWords();
  const { request } = useEngine();
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const [errorCode, setErrorCode] = useState<string | null>(null);
  useEffect(() => {
    if (draft === notes) setDraft(null);
  }, [draft, notes]);
  const before = useRef(notes);
  const sent = useRef(notes);
  const late = useLateSave((text: string) => {
    // What is on its way may not be in the notes yet.
    if (text === notes && text === sent.current) return;
    sent.current = text;
    setErrorCode(null);
    request('runs.update', { runId, notes: text }).then(
      () => setErrorCode(null),
      (error: unknown) => setErrorCode(wattrunError(error).code),
    );
  });
  const write = (text: string): void => {
    setDraft(text);
    late.later(text);
  };
  const takeBack = (): void => {
    write(before.current);
    late.flush();
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
          onChange={(event) => write(event.target.value)}
          onFocus={() => {
            before.current = draft ?? notes;
          }}
          onBlur={late.flush}
          onKeyDown={(event) => {
            if (event.key === 'Escape') takeBack();
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) late.flush();
          }}
        />
        {errorCode !== null && (
          <p className="crit row">
            {t('run.notes.failed', { code: errorCode })}
            <Button
              size="small"
              onClick={() => {
                late.later(draft ?? notes);
                late.flush();
              }}
            >
              {t('tryAgain')}
            </Button>
          </p>
        )}
      </div>
    </>
  );
}
