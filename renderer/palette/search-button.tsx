import { Button } from '../design/button.tsx';
import { Keys } from '../design/menu.tsx';
import { shortcutById } from './keys.ts';
import { openPalette } from './palette-store.ts';
import { usePaletteWords } from './use-palette-words.ts';

/** Opens the palette; a narrow window shows its icon alone. */
export function SearchButton() {
  const words = usePaletteWords();
  const [keys] = shortcutById('palette')?.combinations ?? [];
  return (
    <Button look="ghost" icon="search" className="pal-button" title={words('shortcut.palette')} onClick={openPalette}>
      <span className="pal-word">{words('search.button')}</span>
      {keys !== undefined && <Keys keys={keys} />}
    </Button>
  );
}
