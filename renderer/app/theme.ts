import { useEffect } from 'react';
import { useHost, useSettings } from '../connection/connection-context.tsx';

export type ShownTheme = 'light' | 'dark' | 'contrast';

/** What is drawn for a setting: the system's own wish where that is asked for. */
export function shownTheme(
  setting: 'system' | ShownTheme,
  system: { isDark: boolean; hasContrast: boolean },
): ShownTheme {
  if (setting !== 'system') return setting;
  if (system.hasContrast) return 'contrast';
  return system.isDark ? 'dark' : 'light';
}

const darkQuery = '(prefers-color-scheme: dark)';
const contrastQuery = '(prefers-contrast: more)';

function applyTheme(setting: 'system' | ShownTheme): void {
  document.documentElement.dataset.theme = shownTheme(setting, {
    isDark: matchMedia(darkQuery).matches,
    hasContrast: matchMedia(contrastQuery).matches,
  });
}

/** `?theme=dark` in the address wins over the setting: for pictures and for trying. */
export function themeOverride(): ShownTheme | null {
  const asked = new URLSearchParams(location.search).get('theme');
  return asked === 'light' || asked === 'dark' || asked === 'contrast' ? asked : null;
}

/** Before the engine's settings are known: so that the first paint is right for most. */
export function applyFirstTheme(): void {
  applyTheme(themeOverride() ?? 'system');
}

/** Keeps the page's theme, and the shell's frame around it, at what the settings say. */
export function useTheme(): void {
  const setting = useSettings()?.theme ?? 'system';
  const host = useHost();
  useEffect(() => {
    const apply = (): void => applyTheme(themeOverride() ?? setting);
    apply();
    const queries = [matchMedia(darkQuery), matchMedia(contrastQuery)];
    for (const query of queries) query.addEventListener('change', apply);
    return () => {
      for (const query of queries) query.removeEventListener('change', apply);
    };
  }, [setting]);
  useEffect(() => {
    // A shell that is closing may not answer; its frame then keeps the colour it has.
    host?.request('host.setTheme', { theme: setting }).catch(() => undefined);
  }, [host, setting]);
}
