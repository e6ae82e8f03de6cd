import { useMemo, useSyncExternalStore } from 'react';

/** Colours of the tokens as the canvas takes them, for the theme that is shown now. */
export interface Palette {
  readonly theme: string;
  readonly font: string;
  /** A token name ('s1', 'ink') or any CSS colour, `var()` and `color-mix()` included. */
  color(cssOrToken: string): string;
}

const tokenPattern = /^[a-z][a-z0-9-]*$/;

function readPalette(theme: string): Palette {
  const known = new Map<string, string>();
  const font = getComputedStyle(document.body).fontFamily;
  const resolve = (cssOrToken: string): string => {
    const probe = document.createElement('span');
    // Another theme than the page's own, for a picture.
    probe.dataset.theme = theme;
    // Else forced colours would make every series the colour of text.
    probe.style.setProperty('forced-color-adjust', 'none');
    probe.style.color = tokenPattern.test(cssOrToken) ? `var(--${cssOrToken})` : cssOrToken;
    document.body.append(probe);
    const color = getComputedStyle(probe).color;
    probe.remove();
    return color;
  };
  return {
    theme,
    font,
    color(cssOrToken) {
      const color = known.get(cssOrToken) ?? resolve(cssOrToken);
      known.set(cssOrToken, color);
      return color;
    },
  };
}

const shownTheme = (): string => document.documentElement.dataset.theme ?? 'light';

/** Told on the document where colours must be right at once, not after the next task. */
export const themeSetEvent = 'wattrun:theme';

function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  document.addEventListener(themeSetEvent, listener);
  return () => {
    observer.disconnect();
    document.removeEventListener(themeSetEvent, listener);
  };
}

/** Read anew on each change of theme. */
export function usePalette(): Palette {
  const theme = useSyncExternalStore(onThemeChange, shownTheme);
  return useMemo(() => readPalette(theme), [theme]);
}

/** 'paper': the light theme on white itself, for documents. */
export type PictureTheme = 'light' | 'dark' | 'contrast' | 'paper';

/** A theme's colours for what leaves the app: plain '#rrggbb' or '#rrggbbaa', which every reader of pictures knows. */
export function picturePalette(theme: PictureTheme): Palette {
  const palette = readPalette(theme === 'paper' ? 'light' : theme);
  const pixel = document.createElement('canvas');
  pixel.width = 1;
  pixel.height = 1;
  const pen = pixel.getContext('2d', { willReadFrequently: true });
  const known = new Map<string, string>();
  const plain = (css: string): string => {
    if (pen === null) return css;
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = css;
    pen.fillRect(0, 0, 1, 1);
    const bytes = [...pen.getImageData(0, 0, 1, 1).data];
    const shown = bytes[3] === 255 ? bytes.slice(0, 3) : bytes;
    return `#${shown.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  };
  return {
    ...palette,
    color(cssOrToken) {
      if (theme === 'paper' && (cssOrToken === 'bg' || cssOrToken === 'mix')) return '#ffffff';
      const color = known.get(cssOrToken) ?? plain(palette.color(cssOrToken));
      known.set(cssOrToken, color);
      return color;
    },
  };
}
