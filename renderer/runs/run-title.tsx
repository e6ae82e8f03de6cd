import { useEffect, useRef, useState } from 'react';
import { useNotice } from '../app/announcer.tsx';
import { hrefTo } from '../app/router.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { useWords } from '../i18n/use-words.ts';

interface RunTitleProps {
  readonly runId: string;
  readonly name: string;
}

/** 'Runs / name'; a click on the name, or Enter on it, renames the run in place. */
export function RunTitle({ runId, name }: RunTitleProps) {
  const { t } = useWords();
  const { request } = useEngine();
  const showNotice = useNotice();
  const [draft, setDraft] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const isEditing = draft !== null;
  useEffect(() => {
    if (isEditing) field.current?.select();
  }, [isEditing]);
  const save = (): void => {
    const wanted = draft?.trim() ?? '';
    setDraft(null);
    if (wanted === '' || wanted === name) return;
    request('runs.update', { runId, name: wanted }).catch((error: unknown) =>
      showNotice({ text: t('run.renameFailed', { code: wattrunError(error).code }) }),
    );
  };
  return (
    <span className="run-title">
      <a href={hrefTo({ page: 'runs' })} className="crumb">
        {t('runs.title')}
      </a>
      <span className="crumb"> / </span>
      {draft === null ? (
        <button type="button" className="rename cut" title={t('run.rename')} onClick={() => setDraft(name)}>
          {name}
        </button>
      ) : (
        <input
          ref={field}
          className="rename-field"
          aria-label={t('run.rename')}
          maxLength={200}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save();
            if (event.key === 'Escape') setDraft(null);
          }}
        />
      )}
    </span>
  );
}
