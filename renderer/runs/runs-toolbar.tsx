import type { RefObject } from 'react';
import type { RunStatus } from '../../shared/model/run.ts';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { Icon } from '../design/icon.tsx';
import { Menu } from '../design/menu.tsx';
import { useWords } from '../i18n/use-words.ts';
import { activeFilterCount } from './run-filter.ts';
import { clearFilters, setFilters, useRunsView } from './runs-store.ts';

const statuses = ['running', 'finished', 'failed', 'stopped', 'interrupted'] as const satisfies readonly RunStatus[];

interface RunsToolbarProps {
  readonly projects: readonly string[];
  readonly textField: RefObject<HTMLDivElement | null>;
}

/** Narrows the table: words, project, status. Each filter in force is a chip that takes it away. */
export function RunsToolbar({ projects, textField }: RunsToolbarProps) {
  const { t } = useWords();
  const filters = useRunsView((state) => state.filters);
  return (
    <div className="flt" ref={textField}>
      <Field
        label={t('runs.filter.label')}
        isLabelShown={false}
        type="search"
        icon="search"
        width={208}
        placeholder={t('runs.filter.placeholder')}
        value={filters.text}
        onChange={(event) => setFilters({ text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (filters.text === '') event.currentTarget.blur();
          setFilters({ text: '' });
          event.stopPropagation();
        }}
      />
      {projects.length > 0 && (
        <Menu
          trigger={<FilterButton label={t('runs.column.project')} />}
          items={projects.map((project) => ({ key: project, label: project, onSelect: () => setFilters({ project }) }))}
        />
      )}
      <Menu
        trigger={<FilterButton label={t('runs.column.status')} />}
        items={statuses.map((status) => ({
          key: status,
          label: t(`state.run.${status}`),
          onSelect: () => setFilters({ statuses: [...new Set([...filters.statuses, status])] }),
        }))}
      />
      {filters.project !== null && (
        <Chip
          label={t('runs.filter.project', { project: filters.project })}
          onRemove={() => setFilters({ project: null })}
        />
      )}
      {filters.statuses.map((status) => (
        <Chip
          key={status}
          label={t(`state.run.${status}`)}
          onRemove={() => setFilters({ statuses: filters.statuses.filter((other) => other !== status) })}
        />
      ))}
      {activeFilterCount(filters) > 0 && (
        <Button look="ghost" size="small" onClick={clearFilters}>
          {t('runs.filter.clear')}
        </Button>
      )}
    </div>
  );
}

/** Radix hands its trigger's props down, so they must reach the native button. */
function FilterButton({ label, ...trigger }: { readonly label: string }) {
  return (
    <Button {...trigger}>
      {label} <Icon name="down" className="chev" />
    </Button>
  );
}

function Chip({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  const { t } = useWords();
  return (
    <button type="button" className="chip" aria-label={t('runs.filter.remove', { label })} onClick={onRemove}>
      {label} <Icon name="close" />
    </button>
  );
}
