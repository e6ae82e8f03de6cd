import { Dialog as Primitive } from 'radix-ui';
import { Button } from '../design/button.tsx';
import { useFocusReturn } from '../design/focus-return.ts';
import { Keys } from '../design/menu.tsx';
import { type Combination, type Shortcut, type ShortcutPlace, shortcutPlaces, shortcuts } from './keys.ts';
import { closePalette } from './palette-store.ts';
import { usePaletteWords } from './use-palette-words.ts';

/** Every key of the app, by the place where it works. */
export function KeysSheet({ isOpen }: { readonly isOpen: boolean }) {
  const words = usePaletteWords();
  const focusReturn = useFocusReturn();
  return (
    <Primitive.Root open={isOpen} onOpenChange={(isStillOpen) => !isStillOpen && closePalette()}>
      <Primitive.Portal>
        <div className="shade" />
        <Primitive.Content className="pop dlg keys" aria-describedby={undefined} {...focusReturn}>
          <div className="row">
            <Primitive.Title className="dlg-title">{words('sheet.title')}</Primitive.Title>
            <span className="grow" />
            <Button look="ghost" size="small" icon="close" aria-label={words('sheet.close')} onClick={closePalette} />
          </div>
          <div className="keys-places">
            {shortcutPlaces.map((place) => (
              <PlaceKeys key={place} place={place} />
            ))}
          </div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function PlaceKeys({ place }: { readonly place: ShortcutPlace }) {
  const words = usePaletteWords();
  const titleId = `keys-${place}`;
  return (
    <section aria-labelledby={titleId}>
      <h3 id={titleId}>{words(`place.${place}`)}</h3>
      <dl>
        {shortcuts
          .filter((shortcut) => shortcut.place === place)
          .map((shortcut) => (
            <div key={shortcut.id}>
              <dt>{words(`shortcut.${shortcut.id}`)}</dt>
              <dd>
                <ShortcutKeys shortcut={shortcut} />
              </dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

/** 'Ctrl 1 to Ctrl 5', 'K J', 'Shift drag'. */
function ShortcutKeys({ shortcut }: { readonly shortcut: Shortcut }) {
  const words = usePaletteWords();
  const read = (combination: Combination): readonly string[] =>
    combination.map((key) => (/^[a-z]{2,}/.test(key) ? words(`keyName.${key}`) : key));
  return shortcut.combinations.map((combination, at) => (
    <span className="row" key={combination.join(' ')}>
      {at > 0 && shortcut.isRange === true && <span className="q">{words('sheet.to')}</span>}
      <Keys keys={read(combination)} />
    </span>
  ));
}
