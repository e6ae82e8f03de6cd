import { Popover } from 'radix-ui';
import { useState } from 'react';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { Icon } from '../design/icon.tsx';
import { type DateFilter, dayStartMs, noDates } from './date-filter.ts';
import { useRecordWords } from './use-record-words.ts';

interface DateFilterMenuProps {
  readonly dates: DateFilter;
  readonly onChange: (dates: DateFilter) => void;
}

const lastDaysOffered = [1, 7, 30, 90] as const;

/** The last so many days, or from one day to another. */
export function DateFilterMenu({ dates, onChange }: DateFilterMenuProps) {
  const { t } = useRecordWords();
  const [isOpen, setIsOpen] = useState(false);
  const setDay = (change: Partial<DateFilter>): void => onChange({ ...dates, lastDays: null, ...change });
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger asChild>
        <Button>
          {t('filter.dates')} <Icon name="down" className="chev" />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="pop date-pop"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={t('filter.dates')}
        >
          <div className="date-last">
            {lastDaysOffered.map((days) => (
              <Button
                key={days}
                size="small"
                aria-pressed={dates.lastDays === days}
                onClick={() => {
                  onChange({ ...noDates, lastDays: days });
                  setIsOpen(false);
                }}
              >
                {days === 1 ? t('filter.today') : t('filter.lastDays', { count: days })}
              </Button>
            ))}
          </div>
          <Field
            label={t('filter.from')}
            type="date"
            width={152}
            value={dates.from ?? ''}
            max={dates.to ?? undefined}
            onChange={(event) => setDay({ from: event.target.value === '' ? null : event.target.value })}
          />
          <Field
            label={t('filter.to')}
            type="date"
            width={152}
            value={dates.to ?? ''}
            min={dates.from ?? undefined}
            onChange={(event) => setDay({ to: event.target.value === '' ? null : event.target.value })}
          />
          <Button
            size="small"
            look="ghost"
            onClick={() => {
              onChange(noDates);
              setIsOpen(false);
            }}
          >
            {t('filter.anyTime')}
          </Button>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** 'Last 7 days', 'since 10 Nov', '10 Nov – 23 Nov'; null where no date is asked for. */
export function dateFilterText(
  { lastDays, from, to }: DateFilter,
  words: (key: string, values?: Readonly<Record<string, string | number>>) => string,
  locale: string,
): string | null {
  if (lastDays !== null) return lastDays === 1 ? words('filter.today') : words('filter.lastDays', { count: lastDays });
  const day = (text: string | null): string | null => {
    const atMs = dayStartMs(text, 0);
    return atMs === null
      ? null
      : new Date(atMs).toLocaleDateString(locale, { day: 'numeric', month: 'short', year: 'numeric' });
  };
  const [first, last] = [day(from), day(to)];
  if (first !== null && last !== null) return words('filter.betweenChip', { from: first, to: last });
  if (first !== null) return words('filter.sinceChip', { from: first });
  return last === null ? null : words('filter.untilChip', { to: last });
}
