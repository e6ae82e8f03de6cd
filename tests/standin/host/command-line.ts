export interface CommandLine {
  readonly asksVersion: boolean;
  /** The port of `--inspect`; null without it. */
  readonly inspectPort: number | null;
  /** The app's folder or main file. */
  readonly appPath: string | null;
  /** What the app sees after its own path, and Chromium's switches before it. */
  readonly appArgs: readonly string[];
  readonly switches: ReadonlyMap<string, string>;
}

function parseSwitch(arg: string): readonly [string, string] {
  const [, name = '', value = ''] = /^--([^=]+)=?(.*)$/s.exec(arg) ?? [];
  return [name, value];
}

/** Reads Electron's command line: `[--switch[=value]…] [app] [argument…]`. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const appAt = args.findIndex((arg) => !arg.startsWith('-'));
  const before = appAt === -1 ? args : args.slice(0, appAt);
  const after = appAt === -1 ? [] : args.slice(appAt + 1);
  const switches = new Map([...before, ...after].filter((arg) => arg.startsWith('--')).map(parseSwitch));
  const inspect = switches.get('inspect');
  return {
    asksVersion: before.includes('--version') || before.includes('-v'),
    inspectPort: inspect === undefined ? null : Number(inspect.split(':').at(-1) || 9229),
    appPath: args[appAt] ?? null,
    appArgs: after,
    switches,
  };
}
