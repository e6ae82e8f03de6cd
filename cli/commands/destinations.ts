import { readFileSync } from 'node:fs';
import type { Destination, DestinationInput } from '../../shared/model/destination.ts';
import { isoFromUnixMs } from '../../shared/units.ts';
import type { CliContext } from '../context.ts';
import { plainText } from '../plain-text.ts';
import { print } from '../print.ts';
import { withEngine } from '../record.ts';
import { tableText } from '../text.ts';
import { UsageError } from '../usage-error.ts';

export async function destinationsListCommand(context: CliContext, isJson: boolean): Promise<number> {
  const { destinations } = await withEngine(context, (client) => client.request('destinations.list', {}));
  if (!isJson && destinations.length === 0) {
    context.say('No destinations. Add one: wattrun alerts destinations add webhook https://…');
    return 0;
  }
  return print(context, isJson, { schemaVersion: 1, destinations }, () =>
    tableText([['ID', 'Name', 'Kind', 'Where', 'State'], ...destinations.map(destinationRow)]),
  );
}

const destinationRow = (one: Destination): string[] => [
  one.id,
  plainText(one.name),
  one.config.kind === 'webhook' ? one.config.template : one.config.kind,
  plainText(one.address),
  stateOf(one),
];

function stateOf({ isEnabled, isConfirmed, id, status }: Destination): string {
  if (!isEnabled) return 'off';
  if (!isConfirmed) return `not confirmed: wattrun alerts destinations confirm ${id}`;
  if (status.waiting > 0)
    return `${status.waiting} waiting${status.lastError === null ? '' : `: ${plainText(status.lastError)}`}`;
  return status.lastDeliveredAtMs === null
    ? 'nothing sent yet'
    : `last sent ${isoFromUnixMs(status.lastDeliveredAtMs)}`;
}

export async function destinationsAddCommand(
  context: CliContext,
  input: DestinationInput,
  options: { readonly isConfirmed: boolean; readonly json?: boolean },
): Promise<number> {
  const made = await withEngine(context, async (client) => {
    const put = await client.request('destinations.put', input);
    return options.isConfirmed ? client.request('destinations.confirm', { destinationId: put.id }) : put;
  });
  return print(context, options.json === true, made, () => destinationRow(made).join('  '));
}

/** What a person says to a question; null: nothing, there is no terminal. */
export type AskYes = (question: string) => Promise<boolean>;

/** Shows the command word for word and asks, unless told not to. */
export async function destinationsConfirmCommand(
  context: CliContext,
  destinationId: string,
  options: { readonly isYes: boolean; readonly ask: AskYes | null; readonly json?: boolean },
): Promise<number> {
  const confirmed = await withEngine(context, async (client) => {
    const { destinations } = await client.request('destinations.list', {});
    const found = destinations.find((one) => one.id === destinationId || one.name === destinationId);
    if (found === undefined)
      throw new UsageError(`There is no destination ${destinationId}.`, 'List them: wattrun alerts destinations list');
    if (!options.isYes) {
      if (options.ask === null)
        throw new UsageError('There is no terminal to ask at.', 'To confirm without being asked: --yes');
      const words = found.config.kind === 'command' ? JSON.stringify(found.config.argv) : found.address;
      if (!(await options.ask(`Alerts will run ${plainText(words)} as you. Confirm? [y/N] `))) return null;
    }
    return client.request('destinations.confirm', { destinationId: found.id });
  });
  if (confirmed === null) {
    context.say('Not confirmed.');
    return 1;
  }
  return print(context, options.json === true, confirmed, () => destinationRow(confirmed).join('  '));
}

export async function destinationsEnableCommand(
  context: CliContext,
  destinationId: string,
  options: { readonly isEnabled: boolean; readonly json?: boolean },
): Promise<number> {
  const changed = await withEngine(context, async (client) => {
    const { destinations } = await client.request('destinations.list', {});
    const found = destinations.find((one) => one.id === destinationId);
    if (found === undefined) throw new UsageError(`There is no destination ${destinationId}.`);
    const { id, name, config, isTellingCleared } = found;
    return client.request('destinations.put', { id, name, config, isTellingCleared, isEnabled: options.isEnabled });
  });
  return print(context, options.json === true, changed, () => destinationRow(changed).join('  '));
}

export async function destinationsRemoveCommand(
  context: CliContext,
  destinationId: string,
  isJson: boolean,
): Promise<number> {
  await withEngine(context, (client) => client.request('destinations.remove', { destinationId }));
  return isJson ? print(context, true, { removed: destinationId }, () => '') : 0;
}

export async function destinationsTestCommand(
  context: CliContext,
  destinationId: string,
  isJson: boolean,
): Promise<number> {
  const result = await withEngine(context, (client) => client.request('destinations.test', { destinationId }));
  print(context, isJson, result, () =>
    result.isDelivered
      ? `Delivered in ${result.tookSeconds.toFixed(1)} s.`
      : `Not delivered: ${plainText(result.error ?? '')}`,
  );
  return result.isDelivered ? 0 : 1;
}

/** A secret from a file, or from stdin for '-', so that it stands in no list of processes and no history. */
export function secretFrom(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const text = readFileSync(path === '-' ? 0 : path, 'utf8').replace(/\r?\n$/, '');
  if (text === '') throw new UsageError(`${path} is empty.`);
  return text;
}
