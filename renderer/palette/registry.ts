import type { Command, CommandContext, CommandSource } from './command.ts';
import { alertCommands, ruleCommands } from './commands/alert-commands.ts';
import { appCommands, sensorCommands } from './commands/app-commands.ts';
import { deviceCommands, pageCommands, runCommands, settingCommands } from './commands/go-commands.ts';
import { compareCommand, exportCommands, recordCommands, statementCommands } from './commands/record-commands.ts';
import {
  chartCommands,
  languageCommands,
  themeCommands,
  windowCommands,
  windowFrameCommands,
} from './commands/view-commands.ts';

const fixed =
  (...commands: readonly Command[]): CommandSource =>
  () =>
    commands;

/** Every subject that has commands: a new one is a file and a line here. */
export const commandSources: readonly CommandSource[] = [
  pageCommands,
  recordCommands,
  fixed(compareCommand),
  fixed(...alertCommands),
  windowCommands,
  fixed(...chartCommands),
  themeCommands,
  languageCommands,
  exportCommands,
  statementCommands,
  sensorCommands,
  fixed(...windowFrameCommands, ...appCommands),
  runCommands,
  deviceCommands,
  ruleCommands,
  settingCommands,
];

/** What can be done now. */
export function availableCommands(context: CommandContext): readonly Command[] {
  return commandSources
    .flatMap((source) => source(context))
    .filter((command) => command.isAvailable?.(context) !== false);
}
