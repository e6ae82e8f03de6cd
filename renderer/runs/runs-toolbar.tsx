import { type RefObject, useCallback } from 'react';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { Icon } from '../design/icon.tsx';
import { Menu } from '../design/menu.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { ChoiceFilter } from './choice-filter.tsx';
import { ColumnMenu } from './column-menu.tsx';
import { noDates } from './date-filter.ts';
import { DateFilterMenu, dateFilterText } from './date-filter-menu.tsx';
import { activeFilterCount, type CountedChoice, type ShownStatus } from './run-filter.ts';
import { clearFilters, setFilters, useRunsView } from './runs-store.ts';
import { useRecordWords } from './use-record-words.ts';

const statuses = [
  'running',
  'paused',
  'finished',
  'failed',
  'stopped',
  'interrupted',
] as const satisfies readonly ShownStatus[];

interface RunsToolbarProps {
  readonly projects: readonly CountedChoice[];
  readonly tags: readonly CountedChoice[];
  readonly textField: RefObject<HTMLDivElement | null>;
}

/** Narrows the table: words, project, tag, status, dates. Each filter in force is a chip that takes it away. */
export function RunsToolbar({ projects, tags, textField }: RunsToolbarProps) {
  const { t } = useRecordWords();
  const locale = useLocale();
  const filters = useRunsView((state) => state.filters);
  const projectText = useCallback((project: string) => (project === '' ? t('filter.noProject') : project), [t]);
  const datesText = dateFilterText(filters.dates, (key, values) => t(key, { ...values }), locale);
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
          // To what was found: the table's own keys have it from here.
          if (event.key === 'Enter' || event.key === 'ArrowDown') event.currentTarget.blur();
          if (event.key !== 'Escape') return;
          if (filters.text === '') event.currentTarget.blur();
          setFilters({ text: '' });
          event.stopPropagation();
        }}
      />
      {projects.some(({ value }) => value !== '') && (
        <ChoiceFilter
          label={t('runs.column.project')}
          searchLabel={t('filter.findProject')}
          choices={projects}
          textOf={projectText}
          onPick={(project) => setFilters({ project })}
        />
      )}
      {tags.length > 0 && (
        <ChoiceFilter
          label={t('filter.tag')}
          searchLabel={t('filter.findTag')}
          choices={tags}
          onPick={(tag) => setFilters({ tags: [...new Set([...filters.tags, tag])] })}
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
      <DateFilterMenu dates={filters.dates} onChange={(dates) => setFilters({ dates })} />
      {filters.project !== null && (
        <Chip
          label={
            filters.project === '' ? t('filter.noProject') : t('runs.filter.project', { project: filters.project })
          }
          onRemove={() => setFilters({ project: null })}
        />
      )}
      {filters.tags.map((tag) => (
        <Chip
          key={`tag/${tag}`}
          label={t('filter.tagChip', { tag })}
          onRemove={() => setFilters({ tags: filters.tags.filter((other) => other !== tag) })}
        />
      ))}
      {filters.statuses.map((status) => (
        <Chip
          key={status}
          label={t(`state.run.${status}`)}
          onRemove={() => setFilters({ statuses: filters.statuses.filter((other) => other !== status) })}
        />
      ))}
      {datesText !== null && <Chip label={datesText} onRemove={() => setFilters({ dates: noDates })} />}
      {activeFilterCount(filters) > 0 && (
        <Button look="ghost" size="small" onClick={clearFilters}>
          {t('runs.filter.clear')}
        </Button>
      )}
      <span className="grow" />
      <ColumnMenu />
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
  const { t } = useRecordWords();
  return (
    <button type="button" className="chip" aria-label={t('runs.filter.remove', { label })} onClick={onRemove}>
      {label} <Icon name="close" />
    </button>
  );
}
