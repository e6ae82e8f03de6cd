import { LoudEmitter, loud } from '../host/loud.ts';

type ThemeSource = 'system' | 'light' | 'dark';

/** The theme of a desktop that is light, until a test says otherwise with `nativeTheme.setSystemDark(true)`. */
class NativeTheme extends LoudEmitter {
  readonly shouldUseHighContrastColors = false;
  readonly shouldUseInvertedColorScheme = false;
  readonly inForcedColorsMode = false;
  readonly prefersReducedTransparency = false;
  private source: ThemeSource = 'system';
  private systemIsDark = false;

  constructor() {
    super('nativeTheme', ['updated']);
  }

  get themeSource(): ThemeSource {
    return this.source;
  }

  set themeSource(source: ThemeSource) {
    if (!['system', 'light', 'dark'].includes(source)) throw new TypeError(`no theme source: ${String(source)}`);
    if (source === this.source) return;
    this.source = source;
    this.emit('updated');
  }

  get shouldUseDarkColors(): boolean {
    return this.source === 'dark' || (this.source === 'system' && this.systemIsDark);
  }

  /** Not Electron's: plays the user who changes the desktop's theme. */
  setSystemDark(isDark: boolean): void {
    this.systemIsDark = isDark;
    this.emit('updated');
  }
}

export const nativeTheme = loud('nativeTheme', new NativeTheme());
nativeTheme.setMaxListeners(0); // one for each window, and the app's own
