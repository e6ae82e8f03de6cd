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
