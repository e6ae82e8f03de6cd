import { Dialog as Primitive } from 'radix-ui';
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { useNotice } from '../app/announcer.tsx';
import { wattrunError } from '../connection/use-request.ts';
import { useFocusReturn } from '../design/focus-return.ts';
import { Icon } from '../design/icon.tsx';
import { Keys } from '../design/menu.tsx';
import { type Command, type CommandContext, labelText, type Question, rememberingWords } from './command.ts';
import { PaletteList } from './palette-list.tsx';
import { nextActive, optionId } from './palette-rows.ts';
import { closePalette } from './palette-store.ts';
import { readRecents, rememberRecent } from './recents.ts';
import { availableCommands } from './registry.ts';
import { mostShown, type SearchResult, searchCommands, searchEntry } from './search.ts';
import { type KnownRecord, useCommandContext } from './use-command-context.ts';
import { usePaletteWords } from './use-palette-words.ts';

interface PaletteDialogProps {
  readonly isOpen: boolean;
  readonly record: KnownRecord;
  readonly onAsk: (question: Question) => void;
}

type Choose = (command: Command, context: CommandContext) => void;

/** Every command by typing a part of its name. Escape closes it and leaves the focus where it was. */
export function PaletteDialog({ isOpen, record, onAsk }: PaletteDialogProps) {
  const words = usePaletteWords();
  const showNotice = useNotice();
  const chosen = useRef<(() => void) | null>(null);
  const focusReturn = useFocusReturn(() => {
    // Only now: a dialog that the command opens takes note of where the focus is.
    chosen.current?.();
    chosen.current = null;
  });
  const choose: Choose = (command, context) => {
    rememberRecent(command.id);
    chosen.current = () => {
      const fail = (error: unknown): void => {
        showNotice({ text: words('done.failed', { code: wattrunError(error).code }) });
      };
      // Wrapped, so that a command that throws at once is told of as one that fails later.
      Promise.resolve()
        .then(() => command.run(context))
        .catch(fail);
    };
    closePalette();
  };
  return (
    <Primitive.Root open={isOpen} onOpenChange={(isStillOpen) => !isStillOpen && closePalette()}>
      <Primitive.Portal>
        <div className="shade" />
        <Primitive.Content className="pop pal" aria-describedby={undefined} {...focusReturn}>
          <Primitive.Title className="vh">{words('search.title')}</Primitive.Title>
          <PaletteBody record={record} onAsk={onAsk} onChoose={choose} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

interface PaletteBodyProps extends Omit<PaletteDialogProps, 'isOpen'> {
  readonly onChoose: Choose;
}

function PaletteBody({ record, onAsk, onChoose }: PaletteBodyProps) {
  const words = usePaletteWords();
  const context = useCommandContext(record, onAsk);
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const result = useSearch(context, text);
  const listId = useId();
  const commands = result.sections.flatMap((section) => section.found.map(({ entry }) => entry.command));
  const at = Math.min(active, commands.length - 1);
  const press = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    const next = nextActive(event.key, at, commands.length);
    const command = commands[at];
    if (next !== null) setActive(next);
    else if (event.key === 'Enter' && command !== undefined) onChoose(command, context);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="pal-in">
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls={listId}
          aria-activedescendant={at < 0 ? undefined : optionId(listId, at)}
          aria-label={words('search.field')}
          placeholder={words('search.field')}
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={press}
        />
      </div>
      <PaletteList
        listId={listId}
        sections={result.sections}
        active={at}
        onActive={setActive}
        onChoose={(command) => onChoose(command, context)}
      />
      {commands.length === 0 && (
        <div className="pal-none">
          <b>{words('search.none')}</b>
          <p className="s">{words('search.noneText')}</p>
        </div>
      )}
      <PaletteFoot shown={commands.length} count={result.count} />
    </>
  );
}

function useSearch(context: CommandContext, text: string): SearchResult {
  const [recentIds] = useState(readRecents);
  const entries = useMemo(() => {
    const words = rememberingWords(context.words);
    return availableCommands(context).map((command) =>
      searchEntry(command, {
        title: labelText(command.title, words),
        hint: command.hint === undefined ? '' : labelText(command.hint, words),
        keywords: (command.keywords ?? []).map((keyword) => labelText(keyword, words)),
      }),
    );
  }, [context]);
  return useMemo(() => searchCommands(entries, text, recentIds), [entries, text, recentIds]);
}

function PaletteFoot({ shown, count }: { readonly shown: number; readonly count: number }) {
  const words = usePaletteWords();
  return (
    <footer className="pal-foot">
      <span>
        <Keys keys={['↑', '↓']} /> {words('search.move')}
      </span>
      <span>
        <Keys keys={['Enter']} /> {words('search.choose')}
      </span>
      <span>
        <Keys keys={['Esc']} /> {words('search.close')}
      </span>
      <span className="grow" />
      <span role="status">
        {shown === mostShown && count > shown
          ? words('search.more', { shown, count })
          : words('search.count', { count: shown })}
      </span>
    </footer>
  );
}
