import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import type { Client } from '../../shared/contract/client.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import { gridProviderIds, type Region } from '../../shared/model/carbon.ts';
import { isoFromUnixMs } from '../../shared/units.ts';
import { cleanerText, statusText } from '../carbon-text.ts';
import type { CliContext } from '../context.ts';
import { plainText } from '../plain-text.ts';
import { withEngine } from '../record.ts';
import { tableText } from '../text.ts';
import { UsageError } from '../usage-error.ts';

const json = (value: object): string => `${JSON.stringify({ schemaVersion: 1, ...value }, null, 2)}\n`;

/** What a kWh emits and costs now, whose readings count, and when it is cleaner. */
export async function carbonStatusCommand(context: CliContext, isJson: boolean): Promise<number> {
  const found = await withEngine(context, async (client) => ({
    live: await client.request('live.read', {}),
    settings: await client.request('settings.read', {}),
    grid: await client.request('carbon.status', {}),
    providers: (await client.request('carbon.providers', {})).providers,
  }));
  const { factor, price } = found.live;
  const { settings, grid, providers } = found;
  if (isJson) context.out(json({ factor, price, grid }));
  else context.show(statusText({ factor, price, settings, grid, providers, nowMs: Date.now() }));
  return 0;
}

export interface RegionsOptions {
  readonly words: string;
  readonly isAllYears: boolean;
  readonly isJson: boolean;
}

/** The shipped places whose code or name holds the words. */
export async function carbonRegionsCommand(context: CliContext, options: RegionsOptions): Promise<number> {
  const { regions, licence } = await withEngine(context, (client) => client.request('carbon.regions', {}));
  const wanted = options.words.toLowerCase();
  const found = regions.filter((one) =>
    [one.code, one.name, one.nameZh].some((text) => text.toLowerCase().includes(wanted)),
  );
  if (options.isJson) {
    context.out(json({ licence, regions: found }));
    return 0;
  }
  if (found.length === 0)
    throw new UsageError(`No region is called ${options.words}.`, 'All of them: wattrun carbon regions');
  const rows = found.flatMap((one) => regionRows(one, options.isAllYears));
  context.show(tableText([['Code', 'Name', 'g CO2e/kWh', 'Year', 'Method', 'Licence', 'Source'], ...rows], [2]));
  return 0;
}

const regionRows = ({ code, name, figures }: Region, isAllYears: boolean): string[][] =>
  (isAllYears ? figures : figures.slice(0, 1)).map(({ intensityGramsCO2ePerKwh, year, method, licence, source }) => [
    code,
    name,
    String(intensityGramsCO2ePerKwh),
    year === null ? '–' : String(year),
    method,
    licence,
    source,
  ]);

export interface UseOptions {
  readonly provider: string;
  readonly zone: string | undefined;
  readonly file: string | undefined;
  readonly url: string | undefined;
  readonly isTokenOnStdin: boolean;
}

/** Two questions, a quarter of a minute each at most. */
const useTimeoutMs = 40_000;

/** Turns a provider of live grid data on if it answers, or all of them off. */
export async function carbonUseCommand(context: CliContext, options: UseOptions): Promise<number> {
  const { provider, zone, file, url } = options;
  if (provider === 'off') {
    await withEngine(context, (client) => client.request('settings.write', { gridProvider: null }));
    return 0;
  }
  const id = gridProviderIds.find((one) => one === provider);
  if (id === undefined)
    throw new UsageError(`${provider} is no provider.`, `It is one of: ${gridProviderIds.join(', ')}, off.`);
  // Never an argument: every user of the machine reads those.
  const token = options.isTokenOnStdin ? (await textOf(process.stdin)).trim() : null;
  if (token === '')
    throw new UsageError(
      'There is no token on stdin.',
      'wattrun carbon use electricity-maps --zone DE --token-stdin < token',
    );
  const { tried, provider: now } = await withEngine(context, async (client) => ({
    tried: await client.request(
      'carbon.use',
      {
        provider: id,
        zone: zone ?? (id === 'gb-carbon-intensity' ? 'GB' : null),
        csvPath: file === undefined ? null : resolve(file),
        url: url ?? null,
        token,
      },
      { timeoutMs: useTimeoutMs },
    ),
    provider: (await client.request('settings.read', {})).gridProvider,
  }));
  if (tried.problem === null) return 0;
  context.say(`wattrun: ${plainText(tried.problem.message)} Nothing was changed: live grid data is ${now ?? 'off'}.`);
  return 1;
}

export interface FetchOptions {
  readonly sinceMs: number | null;
  readonly isJson: boolean;
}

/** A year of a provider is forty questions, a second apart. */
const fetchTimeoutMs = 900_000;

/** Asks the provider now, unless it was asked within its data period; or for the past. */
export async function carbonFetchCommand(context: CliContext, { sinceMs, isJson }: FetchOptions): Promise<number> {
  const status = await withEngine(context, (client) =>
    client.request('carbon.fetch', { fromMs: sinceMs }, { timeoutMs: fetchTimeoutMs }),
  );
  if (status.provider === null)
    throw new UsageError(
      'Nobody is asked for the grid’s intensity: that is off.',
      'Turn it on: wattrun carbon use gb-carbon-intensity',
    );
  if (isJson) context.out(json({ grid: status }));
  else if (status.newest !== null)
    context.show(
      `${isoFromUnixMs(status.newest.fromMs)}  ${status.newest.gramsCO2ePerKwh} g CO2e/kWh  ${status.newest.kind}  ${plainText(status.newest.source)}`,
    );
  if (status.problem !== null) context.say(`wattrun: ${status.problem.message}`);
  return status.problem === null ? 0 : 1;
}

/** What comes, and the cleanest window in it. */
export async function carbonForecastCommand(
  context: CliContext,
  options: { readonly hours: number; readonly isJson: boolean },
): Promise<number> {
  const { points, cleaner } = await withEngine(context, (client) =>
    client.request('carbon.forecast', { hours: options.hours }),
  );
  if (options.isJson) {
    context.out(json({ points, cleaner }));
    return 0;
  }
  if (points.length === 0) {
    context.say(
      'There is no forecast. Electricity Maps and the GB Carbon Intensity API have one: wattrun carbon use …',
    );
    return 1;
  }
  const rows = points.map(({ fromMs, gramsCO2ePerKwh }) => [
    isoFromUnixMs(fromMs).slice(0, 16),
    String(Math.round(gramsCO2ePerKwh)),
  ]);
  context.show(tableText([['From (UTC)', 'g CO2e/kWh'], ...rows], [1]));
  if (cleaner !== null) context.show(`\n${cleanerText(cleaner)}`);
  return 0;
}

const mostBytes = 6_000_000;

export async function carbonImportCommand(
  context: CliContext,
  options: { readonly file: string; readonly isJson: boolean },
): Promise<number> {
  const text = await readText(options.file);
  const { imported, status } = await withEngine(context, async (client: Client<EngineContract>) => ({
    imported: await client.request('carbon.import', { text, fileName: basename(options.file) }),
    status: await client.request('carbon.status', {}),
  }));
  if (options.isJson) context.out(json({ ...imported, grid: status }));
  else {
    context.show(
      `${imported.points} intensities, ${isoFromUnixMs(imported.fromMs)} to ${isoFromUnixMs(imported.toMs)}`,
    );
    if (imported.firstDisplacedMs !== null)
      context.say(
        `Readings on record whose periods overlap them and were dropped: ${imported.displaced}, the first from ${isoFromUnixMs(imported.firstDisplacedMs)}.`,
      );
    context.say(
      status.provider === 'csv'
        ? 'Runs from now on are judged by them. Those on record: wattrun recompute --all'
        : `They count once they are chosen: wattrun carbon use csv. Now it is ${status.provider}.`,
    );
  }
  return 0;
}

async function readText(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > mostBytes) throw new UsageError(`${path} is larger than 6 MB.`, 'Split it by year.');
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} cannot be read.`, error instanceof Error ? error.message : '');
  }
}
