import type { Client } from '../../shared/contract/client.ts';
import type { EngineDescription, ExportFormat } from '../../shared/contract/engine-contract.ts';
import type { HostContract } from '../../shared/contract/host-contract.ts';
import type { AlertRule } from '../../shared/model/alert.ts';
import type { LiveState } from '../../shared/model/live.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import type { SourceReport } from '../../shared/model/sensors.ts';
import type { Settings } from '../../shared/model/settings.ts';
import type { Route } from '../app/router.ts';
import type { EngineRequest } from '../connection/connection-context.tsx';
import type { IconName } from '../design/icon.tsx';
import type { ShortcutId } from './keys.ts';

/** In the order in which they stand where nothing is typed. */
export const commandGroups = [
  'go',
  'record',
  'alerts',
  'window',
  'theme',
  'export',
  'sensors',
  'app',
  'runs',
  'devices',
  'rules',
  'settings',
] as const;
export type CommandGroup = (typeof commandGroups)[number];

/** Words of ours by their key, with names and other words (by their keys) filled in; or a name that somebody gave, as it is. */
export type Label =
  | {
      readonly key: string;
      readonly values?: Readonly<Record<string, string>>;
      readonly words?: Readonly<Record<string, string>>;
    }
  | { readonly name: string };

export interface Command {
  /** Kept among the recent ones: add, never rename. 'theme:dark', 'run:ID'. */
  readonly id: string;
  readonly title: Label;
  /** Small, at the right: what kind of thing it is, or whose. */
  readonly hint?: Label;
  /** Other words it is found by: keys of words, and names such as a run's project. */
  readonly keywords?: readonly Label[];
  readonly group: CommandGroup;
  readonly icon: IconName;
  readonly keys?: ShortcutId;
  /** False: found by typing only, as one of thousands is. */
  readonly isListed?: boolean;
  /** Absent: always. What is not available is not shown. */
  readonly isAvailable?: (context: CommandContext) => boolean;
  /** What it rejects with is said by its code. */
  readonly run: (context: CommandContext) => void | Promise<void>;
}

/** The commands of one subject, as the app stands now. */
export type CommandSource = (context: CommandContext) => readonly Command[];

/** A dialog that a command needs before it can act. */
export type Question =
  | { readonly kind: 'start' }
  | { readonly kind: 'stop'; readonly run: NamedRun }
  | { readonly kind: 'mark'; readonly run: NamedRun };

export interface NamedRun {
  readonly id: string;
  readonly name: string;
}

/** What is known when the palette opens, and all that a command may do. Lists are empty until they are read. */
export interface CommandContext {
  readonly route: Route;
  readonly isConnected: boolean;
  readonly description: EngineDescription | null;
  readonly live: LiveState | null;
  readonly settings: Settings | null;
  /** The newest first. */
  readonly runs: readonly RunSummary[];
  /** Selected in the runs table. */
  readonly selectedRunIds: readonly string[];
  readonly rules: readonly AlertRule[];
  readonly formats: readonly ExportFormat[];
  readonly sources: readonly SourceReport[];
  readonly host: Client<HostContract> | null;
  readonly locale: string;
  /** True where the sidebar may be folded: a window wide enough to show it whole. */
  readonly isWide: boolean;
  readonly words: (key: string, values?: Readonly<Record<string, string | number>>) => string;
  readonly request: EngineRequest;
  readonly copyText: (text: string) => Promise<void>;
  /** Null: all runs. */
  readonly startExport: (format: string, runIds: readonly string[] | null) => void;
  readonly showNotice: (text: string) => void;
  readonly ask: (question: Question) => void;
  readonly openMini: () => void;
}

export type Words = CommandContext['words'];

/** Each text is looked up once: thousands of runs share their keywords. */
export function rememberingWords(words: Words): Words {
  const known = new Map<string, string>();
  return (key, values) => {
    const text = (values === undefined ? known.get(key) : undefined) ?? words(key, values);
    if (values === undefined) known.set(key, text);
    return text;
  };
}

/** The label as it is read. */
export function labelText(label: Label, words: Words): string {
  if ('name' in label) return label.name;
  if (label.values === undefined && label.words === undefined) return words(label.key);
  const filledIn = Object.entries(label.words ?? {}).map(([name, key]) => [name, words(key)] as const);
  return words(label.key, { ...label.values, ...Object.fromEntries(filledIn) });
}
