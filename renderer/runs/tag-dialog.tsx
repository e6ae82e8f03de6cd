import { useId, useState } from 'react';
import type { RunSummary } from '../../shared/model/run.ts';
import { Dialog } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { Icon } from '../design/icon.tsx';
import { tagTexts } from './run-filter.ts';
import { commonProject, parseTags, type TagUse, tagUses } from './tag-change.ts';
import { useRecordWords } from './use-record-words.ts';
import { useRelabelRuns } from './use-relabel-runs.ts';

interface TagDialogProps {
  readonly runs: readonly Pick<RunSummary, 'id' | 'project' | 'tags'>[];
  /** Offered for the project. */
  readonly projects: readonly string[];
  readonly onClose: () => void;
}

/** Adds tags, takes tags away, and sets the project of all these runs at once. */
export function TagDialog({ runs, projects, onClose }: TagDialogProps) {
  const { t } = useRecordWords();
  const relabel = useRelabelRuns();
  const listId = useId();
  const [uses] = useState(() => tagUses(runs));
  const [shared] = useState(() => commonProject(runs));
  const [added, setAdded] = useState('');
  const [project, setProject] = useState<string | null>(null);
  const [removed, setRemoved] = useState<readonly TagUse[]>([]);
  const [isBusy, setIsBusy] = useState(false);
  const [errorCode, setErrorCode] = useState<string | null>(null);
  const save = async (): Promise<void> => {
    setIsBusy(true);
    const wanted = project?.trim() ?? null;
    const failed = await relabel(runs, {
      added: parseTags(added),
      removed: removed.map(({ key, value }) => [key, value] as const),
      project: wanted === null ? undefined : wanted === '' ? null : wanted,
    });
    setIsBusy(false);
    setErrorCode(failed);
    if (failed === null) onClose();
  };
  return (
    <Dialog
      title={t('tag.title', { count: runs.length })}
      isOpen
      onClose={onClose}
      onConfirm={save}
      confirmLabel={t('tag.save')}
      isBusy={isBusy}
    >
      <Field
        label={t('tag.add')}
        hint={t('tag.addHint')}
        maxLength={1000}
        width="100%"
        value={added}
        onChange={(event) => setAdded(event.target.value)}
      />
      <UsedTags uses={uses} runCount={runs.length} removed={removed} onChange={setRemoved} />
      <Field
        label={t('tag.project')}
        maxLength={200}
        width="100%"
        list={listId}
        placeholder={shared === undefined ? t('tag.projectKeep') : t('tag.projectNone')}
        value={project ?? shared ?? ''}
        onChange={(event) => setProject(event.target.value)}
      />
      <datalist id={listId}>
        {projects.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {errorCode !== null && <p className="crit">{t('tag.failed', { code: errorCode })}</p>}
    </Dialog>
  );
}

interface UsedTagsProps {
  readonly uses: readonly TagUse[];
  readonly runCount: number;
  readonly removed: readonly TagUse[];
  readonly onChange: (removed: readonly TagUse[]) => void;
}

function UsedTags({ uses, runCount, removed, onChange }: UsedTagsProps) {
  const { t } = useRecordWords();
  return (
    <fieldset className="tag-uses">
      <legend className="field-label">{t('tag.remove')}</legend>
      {uses.length === 0 && <span className="q">{t('tag.nothing')}</span>}
      {uses.map((use) => {
        const isGone = removed.includes(use);
        const text = tagTexts({ [use.key]: use.value })[0] ?? use.key;
        const shown = use.count === runCount ? text : t('tag.onSome', { tag: text, some: use.count, all: runCount });
        return (
          <button
            key={`${use.key}=${use.value}`}
            type="button"
            className={isGone ? 'chip gone' : 'chip'}
            aria-pressed={isGone}
            aria-label={t(isGone ? 'tag.keepOne' : 'tag.removeOne', { tag: shown })}
            onClick={() => onChange(isGone ? removed.filter((one) => one !== use) : [...removed, use])}
          >
            <span className="cut">{shown}</span> <Icon name={isGone ? 'plus' : 'close'} />
          </button>
        );
      })}
    </fieldset>
  );
}
