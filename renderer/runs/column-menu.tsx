import { Button } from '../design/button.tsx';
import { Popover } from '../design/popover.tsx';
import { Checkbox } from '../design/switch.tsx';
import { toggleColumn, useRunsView } from './runs-store.ts';
import { useRecordWords } from './use-record-words.ts';

/** Columns that may be put away; the others say what a run is. */
const optionalColumns = ['project', 'devices', 'cost', 'power'] as const;

/** Which columns the table has, wherever there is room for them. */
export function ColumnMenu() {
  const { t } = useRecordWords();
  const hidden = useRunsView((state) => state.hiddenColumns);
  return (
    <Popover label={t('columns')} align="end" trigger={<Button look="ghost" icon="cols" aria-label={t('columns')} />}>
      <div className="date-pop pop-list">
        {optionalColumns.map((column) => (
          <span key={column} className="row">
            <Checkbox
              label={t(`runs.column.${column}`)}
              state={!hidden.includes(column)}
              onChange={() => toggleColumn(column)}
            />
            <span aria-hidden="true">{t(`runs.column.${column}`)}</span>
          </span>
        ))}
      </div>
    </Popover>
  );
}
