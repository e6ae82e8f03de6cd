import { Popover } from 'radix-ui';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { formatNumber } from '../../shared/format/number-text.ts';
import { Button } from '../design/button.tsx';
import { Icon } from '../design/icon.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import type { CountedChoice } from './run-filter.ts';
import { useRecordWords } from './use-record-words.ts';

interface ChoiceFilterProps {
  readonly label: string;
  readonly searchLabel: string;
  readonly choices: readonly CountedChoice[];
  /** A choice's words where they are not its value. */
  readonly textOf?: (value: string) => string;
  readonly onPick: (value: string) => void;
}

const mostShown = 200;

/** A button that opens a list to choose from, narrowed by typing; arrows and Enter choose. */
export function ChoiceFilter(props: ChoiceFilterProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger asChild>
        <Button>
          {props.label} <Icon name="down" className="chev" />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="pop pick-pop"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={props.label}
        >
          <ChoiceList
            {...props}
            onPick={(value) => {
              setIsOpen(false);
              props.onPick(value);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ChoiceList({ label, searchLabel, choices, textOf = (value) => value, onPick }: ChoiceFilterProps) {
  const { t } = useRecordWords();
  const locale = useLocale();
  const id = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const found = useMemo(() => {
    const wanted = text.trim().toLocaleLowerCase();
    return choices.filter(({ value }) => textOf(value).toLocaleLowerCase().includes(wanted)).slice(0, mostShown);
  }, [choices, text, textOf]);
  const at = Math.min(active, found.length - 1);
  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setActive(Math.min(found.length - 1, Math.max(0, next)));
    }
    const choice = found[at];
    if (event.key === 'Enter' && choice !== undefined) onPick(choice.value);
  };
  return (
    <>
      <span className="fld pick-field">
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}list`}
          aria-activedescendant={found[at] === undefined ? undefined : `${id}${at}`}
          aria-label={searchLabel}
          placeholder={searchLabel}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={press}
        />
      </span>
      <div className="pick-list" id={`${id}list`} role="listbox" aria-label={label}>
        {found.map(({ value, count }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox above
          <div
            key={value}
            id={`${id}${index}`}
            ref={index === at ? scrollIntoSight : undefined}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={index === at ? 'mi on' : 'mi'}
            onClick={() => onPick(value)}
          >
            <span className="cut">{textOf(value)}</span>
            <span className="grow" />
            <span className="q">{formatNumber(count, 0, locale)}</span>
          </div>
        ))}
        {found.length === 0 && <p className="q none">{t('filter.noneFound')}</p>}
      </div>
    </>
  );
}

const scrollIntoSight = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' });
