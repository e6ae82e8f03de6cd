import { useState } from 'react';
import type { RunSummary } from '../../shared/model/run.ts';
import { useNotice } from '../app/announcer.tsx';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Select } from '../design/select.tsx';
import { useWords } from '../i18n/use-words.ts';
import { mergeHost, mergeRefusal } from './merge-choice.ts';
import { selectOnly } from './runs-store.ts';

/** Makes the selected runs one, after a question: it cannot be undone. */
export function MergeRuns({ selected }: { readonly selected: readonly RunSummary[] }) {
  const { t } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  const refusal = mergeRefusal(selected);
  if (refusal === 'too-few') return null;
  return (
    <>
      <Button
        icon="layers"
        disabled={refusal !== null}
        title={refusal === null ? t('runs.merge.button') : t(`runs.merge.refusal.${refusal}`)}
        onClick={() => setIsOpen(true)}
      >
        <span className="btn-word">{t('runs.merge.button')}</span>
      </Button>
      {isOpen && <MergeDialog selected={selected} onClose={() => setIsOpen(false)} />}
    </>
  );
}

interface MergeDialogProps {
  readonly selected: readonly RunSummary[];
  readonly onClose: () => void;
}

function MergeDialog({ selected, onClose }: MergeDialogProps) {
  const { t } = useWords();
  const { request } = useEngine();
  const showNotice = useNotice();
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [errorCode, setErrorCode] = useState<string | null>(null);
  const host = selected.find((run) => run.id === chosenId) ?? mergeHost(selected);
  if (host === null) return null;
  const merge = (): void => {
    setIsBusy(true);
    setErrorCode(null);
    const ids = selected.map((run) => run.id).filter((id) => id !== host.id);
    request('runs.merge', { intoId: host.id, ids })
      .then(
        (merged) => {
          selectOnly([]);
          showNotice({ text: t('runs.merge.done', { count: selected.length, name: merged.name }) });
          onClose();
        },
        (error: unknown) => setErrorCode(wattrunError(error).code),
      )
      .finally(() => setIsBusy(false));
  };
  return (
    <Dialog
      title={t('runs.merge.title', { count: selected.length })}
      isOpen
      onClose={onClose}
      onConfirm={merge}
      confirmLabel={t('runs.merge.confirm')}
      confirmLook="danger"
      isBusy={isBusy}
    >
      <p className="s">{t('runs.merge.text')}</p>
      <div className="field">
        <span className="field-label" aria-hidden="true">
          {t('runs.merge.into')}
        </span>
        <Select
          label={t('runs.merge.into')}
          choices={selected.map((run) => ({ value: run.id, label: `${run.name} · ${run.id}` }))}
          value={host.id}
          onChange={setChosenId}
        />
      </div>
      {errorCode !== null && <p className="crit">{t('runs.merge.failed', { code: errorCode })}</p>}
    </Dialog>
  );
}
