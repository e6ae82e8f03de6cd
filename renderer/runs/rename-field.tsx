import { useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { useRenameRun } from './use-rename-run.ts';

interface RenameFieldProps {
  readonly runId: string;
  readonly name: string;
  readonly className: string;
  readonly onDone: () => void;
}

/** A run's name as a field in its place: Enter and leaving it keep the new name, Escape the old one. */
export function RenameField({ runId, name, className, onDone }: RenameFieldProps) {
  const { t } = useWords();
  const rename = useRenameRun();
  const [draft, setDraft] = useState(name);
  const field = useRef<HTMLInputElement>(null);
  const isOver = useRef(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  // The field that goes is left as well: what ended it first counts.
  const end = (isKept: boolean, isByKey = false): void => {
    if (isOver.current) return;
    isOver.current = true;
    if (isKept) rename(runId, name, draft);
    const place = field.current?.parentElement;
    onDone();
    // The name that stands there again has the focus, where a key ended it and not another place that was clicked.
    if (isByKey) requestAnimationFrame(() => place?.querySelector<HTMLElement>('.run-name, .rename')?.focus());
  };
  return (
    <input
      ref={field}
      className={className}
      aria-label={t('run.rename')}
      maxLength={200}
      value={draft}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') end(true, true);
        if (event.key === 'Escape') end(false, true);
      }}
    />
  );
}
