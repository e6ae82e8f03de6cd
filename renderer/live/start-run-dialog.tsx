import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../connection/connection-context.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';

/** Starts a run by hand: for work that no command wraps and no job finder sees. */
export function StartRunDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { request } = useEngine();
  const [name, setName] = useState('');
  const [project, setProject] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const start = async (): Promise<void> => {
    setIsBusy(true);
    try {
      await request('runs.start', { name: name.trim() || null, project: project.trim() || null, foundBy: 'manual' });
      onClose();
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Dialog
      isOpen
      title={t('live.start.title')}
      confirmLabel={t('live.start.confirm')}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={start}
    >
      <p className="s">{t('live.start.text')}</p>
      <Field
        label={t('live.start.name')}
        value={name}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label={t('live.start.project')}
        value={project}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setProject(event.target.value)}
        error={error}
      />
    </Dialog>
  );
}
