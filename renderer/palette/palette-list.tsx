import { Icon } from '../design/icon.tsx';
import { Keys } from '../design/menu.tsx';
import type { Command } from './command.ts';
import { shortcutById } from './keys.ts';
import { optionId } from './palette-rows.ts';
import { type FoundEntry, type Section, titlePieces } from './search.ts';
import { usePaletteWords } from './use-palette-words.ts';

interface PaletteListProps {
  readonly listId: string;
  readonly sections: readonly Section[];
  /** Counted through all sections; -1: none. */
  readonly active: number;
  readonly onActive: (index: number) => void;
  readonly onChoose: (command: Command) => void;
}

export function PaletteList({ listId, sections, active, onActive, onChoose }: PaletteListProps) {
  const words = usePaletteWords();
  const starts = sections.map((_, at) => sections.slice(0, at).reduce((sum, { found }) => sum + found.length, 0));
  return (
    <div className="pal-list" id={listId} role="listbox" aria-label={words('search.list')}>
      {sections.map(({ group, found }, at) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset holds form controls; in a list box it is a group
        <div role="group" key={group} aria-labelledby={`${listId}-${group}`}>
          <div className="pal-group" id={`${listId}-${group}`} role="presentation">
            {words(`group.${group}`)}
          </div>
          {found.map((each, offset) => {
            const index = (starts[at] ?? 0) + offset;
            return (
              <Option
                key={each.entry.command.id}
                id={optionId(listId, index)}
                found={each}
                isActive={index === active}
                onActive={() => onActive(index)}
                onChoose={onChoose}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

interface OptionProps {
  readonly id: string;
  readonly found: FoundEntry;
  readonly isActive: boolean;
  readonly onActive: () => void;
  readonly onChoose: (command: Command) => void;
}

function Option({ id, found, isActive, onActive, onChoose }: OptionProps) {
  const { command, title, hint } = found.entry;
  const keys = command.keys === undefined ? undefined : shortcutById(command.keys)?.combinations[0];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox above
    <div
      id={id}
      ref={isActive ? scrollIntoSight : undefined}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      className={isActive ? 'mi on' : 'mi'}
      title={title.text}
      // Moved over, not scrolled under: what passes below a resting pointer is not meant.
      onPointerMove={isActive ? undefined : onActive}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => onChoose(command)}
    >
      <Icon name={command.icon} />
      <span className="cut">
        {titlePieces(title, found.places).map((piece) =>
          piece.isTyped ? <b key={piece.at}>{piece.text}</b> : <span key={piece.at}>{piece.text}</span>,
        )}
      </span>
      <span className="grow" />
      {hint !== '' && <span className="q cut pal-hint">{hint}</span>}
      {keys !== undefined && <Keys keys={keys} />}
    </div>
  );
}

const scrollIntoSight = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' });
