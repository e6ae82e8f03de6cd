import { type Command, InvalidArgumentError } from 'commander';
import { settingsSchema } from '../shared/model/settings.ts';
import {
  carbonFetchCommand,
  carbonForecastCommand,
  carbonImportCommand,
  carbonRegionsCommand,
  carbonStatusCommand,
  carbonUseCommand,
} from './commands/carbon.ts';
import { recomputeCommand } from './commands/recompute.ts';
import type { CliContext } from './context.ts';
import { schemaArgument } from './schema-argument.ts';
import { sinceArgument } from './since-argument.ts';

type Exit = (code: number) => void;
type Json = { readonly json?: boolean };

const zoneArgument = schemaArgument(
  settingsSchema.shape.gridZone,
  'It must be a zone’s code, such as DE or US-CAL-CISO.',
);
const urlArgument = schemaArgument(
  settingsSchema.shape.gridUrl,
  'It must be an address that begins with https:// or http://.',
);

/** `wattrun carbon …` and `wattrun recompute`. */
export function addCarbon(program: Command, context: CliContext, exit: Exit): void {
  const carbon = program.command('carbon').description('What a kWh emits: factors, live grid data, cleaner hours');
  carbon
    .command('status', { isDefault: true })
    .description('The factor and price of now, and how live grid data stands')
    .option('--json')
    .action(async ({ json }: Json) => exit(await carbonStatusCommand(context, json === true)));
  carbon
    .command('regions')
    .description('Shipped factors: countries, states, bidding zones, cloud regions')
    .argument('[words]', 'part of a code or name, in English or Chinese', '')
    .option('--all-years', 'every year there is a figure for')
    .option('--json')
    .action(async (words: string, options: Json & { allYears?: boolean }) =>
      exit(
        await carbonRegionsCommand(context, {
          words,
          isAllYears: options.allYears === true,
          isJson: options.json === true,
        }),
      ),
    );
  carbon
    .command('use')
    .description('Turn live grid data on (electricity-maps, gb-carbon-intensity, entso-e, csv) or off')
    .argument('<provider>')
    .option('--zone <zone>', 'DE, GB, 10Y1001A1001A83F …', zoneArgument)
    .option('--file <file>', 'CSV that is read again when it changes: from,to,gco2e_per_kwh')
    .option('--url <url>', 'in place of the provider’s own address', urlArgument)
    .option('--token-stdin', 'read the token from stdin; or set WATTRUN_ELECTRICITY_MAPS_TOKEN, WATTRUN_ENTSOE_TOKEN')
    .action(async (provider: string, options: { zone?: string; file?: string; url?: string; tokenStdin?: boolean }) =>
      exit(
        await carbonUseCommand(context, {
          provider,
          zone: options.zone,
          file: options.file,
          url: options.url,
          isTokenOnStdin: options.tokenStdin === true,
        }),
      ),
    );
  carbon
    .command('fetch')
    .description('Ask the provider now, at most once a data period; or for the past')
    .option('--since <when>', 'a date (2026-11-01) or an age (12h, 7d): all readings from then on', sinceArgument)
    .option('--json')
    .action(async ({ since, json }: Json & { since?: number }) =>
      exit(await carbonFetchCommand(context, { sinceMs: since ?? null, isJson: json === true })),
    );
  carbon
    .command('forecast')
    .description('What comes, and the cleanest window in it')
    .option('--hours <hours>', 'length of the window', hoursArgument, 4)
    .option('--json')
    .action(async ({ hours, json }: Json & { hours: number }) =>
      exit(await carbonForecastCommand(context, { hours, isJson: json === true })),
    );
  carbon
    .command('import')
    .description('Put a CSV of intensities on record: from,to,gco2e_per_kwh')
    .argument('<file>')
    .option('--json')
    .action(async (file: string, { json }: Json) =>
      exit(await carbonImportCommand(context, { file, isJson: json === true })),
    );
  addRecompute(program, context, exit);
}

function addRecompute(program: Command, context: CliContext, exit: Exit): void {
  program
    .command('recompute')
    .description('Work out grams and money of runs anew, and say what changes; joules stay')
    .argument('[run...]')
    .option('--all', 'every run')
    .option('--region <code>', 'as if they had run there: DEU, US-CA, gcp:europe-west4 …')
    .option('--settings', 'by all of the present settings: region, PUE, price, tariff, contract …')
    .option('--dry-run', 'only say what would change')
    .option('--json')
    .action(
      async (
        runs: string[],
        options: Json & { all?: boolean; region?: string; settings?: boolean; dryRun?: boolean },
      ) =>
        exit(
          await recomputeCommand(context, {
            runs,
            isAll: options.all === true,
            region: options.region,
            isBySettings: options.settings === true,
            isDry: options.dryRun === true,
            isJson: options.json === true,
          }),
        ),
    );
}

function hoursArgument(text: string): number {
  const hours = Number(text);
  if (text.trim() === '' || !(hours >= 0.25 && hours <= 48))
    throw new InvalidArgumentError('It must be a number from 0.25 to 48.');
  return hours;
}
