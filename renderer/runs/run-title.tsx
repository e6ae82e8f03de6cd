import { useState } from 'react';
import { hrefTo } from '../app/router.ts';
import { useWords } from '../i18n/use-words.ts';
import { RenameField } from './rename-field.tsx';

interface RunTitleProps {
  readonly runId: string;
  readonly name: string;
}

/** 'Runs / name'; a click on the name, or Enter on it, renames the run in place. */
export function RunTitle({ runId, name }: RunTitleProps) {
  const { t } = useWords();
  const [isEditing, setIsEditing] = useState(false);
  return (
    <span className="run-title">
      <a href={hrefTo({ page: 'runs' })} className="crumb">
        {t('runs.title')}
      </a>
      <span className="crumb"> / </span>
      {isEditing ? (
        <RenameField runId={runId} name={name} className="rename-field" onDone={() => setIsEditing(false)} />
      ) : (
        <button type="button" className="rename cut" title={t('run.rename')} onClick={() => setIsEditing(true)}>
          {name}
        </button>
      )}
    </span>
  );
}
