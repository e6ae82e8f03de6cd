import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dataDirectory } from '../engine/ownership/data-directory.ts';
import packageJson from '../package.json' with { type: 'json' };
import { plainLines } from './plain-text.ts';

/** What commands need of the world; read once, in cli/main.ts. */
export interface CliContext {
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly uiDirectory: string | null;
  /** Data for programs, as it is, to stdout. */
  readonly out: (text: string) => void;
  /** Lines for people, to stdout: the result of a command. */
  readonly show: (text: string) => void;
  /** Lines for people, to stderr: all else. */
  readonly say: (text: string) => void;
  readonly log: (message: string) => void;
}

export function createContext(): CliContext {
  const environment = process.env;
  const isVerbose = environment.WATTRUN_LOG !== undefined && environment.WATTRUN_LOG !== '';
  const say = (text: string): void => void process.stderr.write(`${plainLines(text)}\n`);
  return {
    version: packageJson.version,
    environment,
    directory: dataDirectory(environment),
    uiDirectory: findUi(environment),
    out: (text) => void process.stdout.write(text),
    show: (text) => void process.stdout.write(`${plainLines(text)}\n`),
    say,
    log: (message) => {
      if (isVerbose) say(`wattrun: ${message}`);
    },
  };
}

/** The built UI: beside the built CLI, or in a checkout's out/. */
function findUi(environment: Readonly<Record<string, string | undefined>>): string | null {
  const candidates = [
    environment.WATTRUN_UI_DIRECTORY,
    join(import.meta.dirname, '../out/renderer'),
    join(import.meta.dirname, '../renderer'),
  ];
  return (
    candidates.find(
      (folder) => folder !== undefined && existsSync(join(folder, 'index.html')) && existsSync(join(folder, 'assets')),
    ) ?? null
  );
}
