import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { exportDefinitions } from '../engine/reports/registry.ts';
import { mostNameCharacters, nameSchema } from '../shared/contract/engine-contract.ts';
import { WattrunError } from '../shared/contract/errors.ts';
import { type TypedWatts, typedProblem, typedWattsSchema } from '../shared/model/calibration.ts';
import { markInputSchema } from '../shared/model/progress.ts';
import { addAlerts } from './alerts-program.ts';
import { addCarbon } from './carbon-program.ts';
import { calibrateCommand, terminalQuestion } from './commands/calibrate.ts';
import { compareCommand } from './commands/compare.ts';
import { markCommand, sensorsCommand, startCommand, stopCommand } from './commands/engine-commands.ts';
import { exportCommand } from './commands/export-commands.ts';
import { importCommand } from './commands/import-command.ts';
import { projectsCommand } from './commands/project-commands.ts';
import { runsCommand, showCommand } from './commands/record-commands.ts';
import { runCommand } from './commands/run.ts';
import { dismissCommand, mergeCommand, renameCommand } from './commands/run-changes.ts';
import { demoCommand, serveCommand } from './commands/serve.ts';
import { type CliContext, createContext } from './context.ts';
import { numberArgument, wholeNumberArgument } from './number-argument.ts';
import { watchOwnOutput } from './own-output.ts';
import { plainText } from './plain-text.ts';
import { schemaArgument } from './schema-argument.ts';
import { sinceArgument } from './since-argument.ts';
import { UsageError } from './usage-error.ts';

const wrongUsage = 2;
const ownOutput = watchOwnOutput();

/** Codes of errors that come from wrong words rather than a failing machine. */
const usageCodes = new Set([
  'runs/not-found',
  'runs/ambiguous',
  'runs/no-process',
  'exports/unknown-format',
  'projects/not-found',
  'alerts/not-found',
  'alerts/invalid',
  'settings/unknown-region',
  'settings/unknown-year',
  'carbon/invalid-file',
  'settings/invalid-pattern',
  'contract/invalid',
  'calibration/no-meter',
  'calibration/no-rise',
]);

const nameArgument = schemaArgument(nameSchema, `It must have 1 to ${mostNameCharacters} characters.`);
const labelArgument = schemaArgument(markInputSchema.shape.label, 'It must have at most 200 characters.');
const markKindArgument = schemaArgument(markInputSchema.shape.kind, 'It must have at most 40 characters.');

function wallArgument(text: string): TypedWatts {
  const [idle = '', load = '', ...more] = text.split(',');
  const parsed = typedWattsSchema.safeParse({ idleWatts: Number(idle), loadWatts: Number(load) });
  if (idle.trim() === '' || load.trim() === '' || more.length > 0 || !parsed.success)
    throw new InvalidArgumentError('It must be two numbers of watts, idle and load: 71.5,183.');
  const problem = typedProblem(parsed.data);
  if (problem !== null) throw new InvalidArgumentError(problem);
  return parsed.data;
}

const collectTags = (text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const [key = '', ...value] = text.split('=');
  if (key === '' || value.length === 0) throw new InvalidArgumentError('A tag is key=value.');
  return { ...before, [key]: value.join('=') };
};

function createProgram(context: CliContext, exit: (code: number) => void): Command {
  const program = new Command('wattrun')
    .description('What a training run costs: watts, joules, grams of CO2e, money.')
    .version(context.version)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    // Errors are told by `report`.
    .configureOutput({ outputError: () => {} });

  program
    .command('run')
    .description('Run a command and measure it')
    .usage('[options] -- COMMAND [ARG…]')
    .argument('<command...>', 'the command and its arguments, after --')
    .option('--name <name>', 'name of the run')
    .option('--project <project>', 'project it belongs to')
    .option('--tag <key=value>', 'a tag, may be repeated', collectTags, {})
    .option('--json <file>', 'also write the report there')
    .option('--quiet', 'no summary at the end')
    .option('--no-marks', 'do not read steps and epochs from what it prints; its output does not pass through here')
    .option(
      '--marks-pattern <regex>',
      'read them by this pattern too, with groups named step, epoch, loss, samples, tokens …',
    )
    .passThroughOptions()
    .action(
      async (
        command: string[],
        options: {
          name?: string;
          project?: string;
          tag: Record<string, string>;
          json?: string;
          quiet?: boolean;
          marks: boolean;
          marksPattern?: string;
        },
      ) =>
        exit(
          await runCommand(context, command, {
            name: options.name,
            project: options.project,
            tags: options.tag,
            json: options.json,
            isQuiet: options.quiet === true,
            isReadingMarks: options.marks,
            marksPattern: options.marksPattern,
          }),
        ),
    );

  const addServe = (name: 'serve' | 'demo', description: string, act: typeof serveCommand): void => {
    program
      .command(name)
      .description(description)
      .option('--host <host>', 'address to listen on', '127.0.0.1')
      .option('--port <port>', 'port, 0 for a free one', wholeNumberArgument(0, 65_535), 0)
      .option('--open', 'open it in the browser')
      .option('--json', 'print {"url","token","pid"} as the first line')
      .action(async (options: { host: string; port: number; open?: boolean; json?: boolean }) =>
        exit(
          await act(context, {
            host: options.host,
            port: options.port,
            isOpening: options.open === true,
            isJson: options.json === true,
          }),
        ),
      );
  };
  addServe('serve', 'Measure this machine and serve the UI', serveCommand);
  addServe('demo', 'Serve the UI of a simulated 8-GPU server', demoCommand);

  program
    .command('runs')
    .description('List runs')
    .option('--json')
    .option('--project <project>')
    .option('--since <when>', 'a date (2026-11-01) or an age (12h, 7d)', sinceArgument)
    .action((options: { json?: boolean; project?: string; since?: number }) =>
      exit(
        runsCommand(context, {
          isJson: options.json === true,
          project: options.project,
          sinceMs: options.since ?? null,
        }),
      ),
    );

  program
    .command('show')
    .description('Show a run: an id, the beginning of one, a name, or "last"')
    .argument('<run>')
    .option('--json')
    .action((run: string, options: { json?: boolean }) => exit(showCommand(context, run, options.json === true)));

  program
    .command('compare')
    .description('Compare two to eight runs; the first is what the others are held against')
    .argument('<run...>')
    .option('--json')
    .action((runs: string[], options: { json?: boolean }) =>
      exit(compareCommand(context, runs, options.json === true)),
    );

  addExchange(program, context, exit);
  program
    .command('sensors')
    .description('Every source: found or not, why not, and what mends it')
    .option('--json')
    .action(async (options: { json?: boolean }) => exit(await sensorsCommand(context, options.json === true)));

  addCalibrate(program, context, exit);
  addAlerts(program, context, exit);
  addRunChanges(program, context, exit);
  addCarbon(program, context, exit);

  program
    .command('start')
    .description('Start a run by hand in the living engine')
    .option('--name <name>', 'name of the run', nameArgument)
    .option('--project <project>', 'project it belongs to', nameArgument)
    .option('--pid <pid>', 'process to follow with its descendants', wholeNumberArgument(1, 2 ** 22))
    .option('--json')
    .action(async (options: { name?: string; project?: string; pid?: number; json?: boolean }) =>
      exit(
        await startCommand(context, {
          name: options.name,
          project: options.project,
          pid: options.pid ?? null,
          isJson: options.json === true,
        }),
      ),
    );
  program
    .command('stop')
    .description('End a running run')
    .argument('<run>')
    .option('--json')
    .action(async (run: string, options: { json?: boolean }) =>
      exit(await stopCommand(context, run, options.json === true)),
    );
  program
    .command('mark')
    .description('Put a mark into a running run')
    .argument('<label>', 'what it says', labelArgument)
    .option('--run <run>', 'default: the run this process is in')
    .option('--kind <kind>', 'step, epoch, loss, note …', markKindArgument, 'note')
    .option('--value <number>', 'a number to compare runs by: --kind loss --value 1.21', numberArgument(-1e15, 1e15))
    .action(async (label: string, options: { run?: string; kind: string; value?: number }) =>
      exit(await markCommand(context, options.run, { kind: options.kind, label, value: options.value ?? null })),
    );
  return program;
}

/** Runs to files and other tools, and back. */
function addExchange(program: Command, context: CliContext, exit: (code: number) => void): void {
  program
    .command('export')
    .description('Export runs, or a report of a project')
    .argument('[run...]')
    .option('--all', 'every run')
    .option('--project <project>', 'every run of a project; html, pdf, markdown, latex and json also tell its sums')
    .requiredOption('--format <format>', exportDefinitions.map(({ format }) => format.id).join(', '))
    .option('--out <file>', 'file, or - for stdout', '-')
    .action(async (runs: string[], options: { all?: boolean; project?: string; format: string; out: string }) =>
      exit(
        await exportCommand(context, {
          runs,
          isAll: options.all === true,
          project: options.project,
          format: options.format,
          out: options.out,
        }),
      ),
    );
  program
    .command('import')
    .description('Take in the runs of CodeCarbon’s emissions.csv')
    .argument('<file>', 'emissions.csv, or - for stdin')
    .option('--project <project>', 'in place of the file’s own project names')
    .option('--dry-run', 'say what would come of it, and change nothing')
    .option('--json')
    .action(async (file: string, options: { project?: string; dryRun?: boolean; json?: boolean }) =>
      exit(
        await importCommand(context, file, {
          project: options.project,
          isDryRun: options.dryRun === true,
          isJson: options.json === true,
        }),
      ),
    );
  program
    .command('projects')
    .description('Projects: what their runs took, and what of it was lost')
    .option('--json')
    .action(async (options: { json?: boolean }) => exit(await projectsCommand(context, options.json === true)));
}

function addCalibrate(program: Command, context: CliContext, exit: (code: number) => void): void {
  program
    .command('calibrate')
    .description('Learn how this machine’s sum relates to the wall: a minute of nothing, a minute of full load')
    .option('--meter <name>', 'a wattmeter of the settings (default: the first that answers)')
    .option('--wall <idle,load>', 'what a meter is known to say, in watts: 71.5,183', wallArgument)
    .option('--cpu', 'also give the CPU model its full power; not shown to make totals better')
    .option('--clear', 'forget what was calibrated')
    .option('--json')
    .action(async (options: { meter?: string; wall?: TypedWatts; cpu?: boolean; clear?: boolean; json?: boolean }) =>
      exit(
        await calibrateCommand(context, {
          meter: options.meter ?? null,
          typed: options.wall ?? null,
          isCpuAsked: options.cpu === true,
          isClearing: options.clear === true,
          isJson: options.json === true,
          ask: process.stdin.isTTY === true ? terminalQuestion : null,
        }),
      ),
    );
}

function addRunChanges(program: Command, context: CliContext, exit: (code: number) => void): void {
  program
    .command('merge')
    .description('Make several runs one, under the first one’s id')
    .argument('<run...>')
    .option('--json')
    .action(async (runs: string[], options: { json?: boolean }) =>
      exit(await mergeCommand(context, runs, options.json === true)),
    );
  program
    .command('dismiss')
    .description('Put a run aside that was found and is none; its processes are not found again')
    .argument('<run>')
    .action(async (run: string) => exit(await dismissCommand(context, run)));
  program
    .command('rename')
    .description('Give a run another name')
    .argument('<run>')
    .argument('<name>', 'its new name', nameArgument)
    .action(async (run: string, name: string) => exit(await renameCommand(context, run, name)));
}

/** One line on stderr, and the code that scripts go by. */
function report(context: CliContext, error: unknown): number {
  // Said already.
  if (error === ownOutput.lost()) return 1;
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    // A group without one of its commands: its help stands on stderr already.
    if (error.code === 'commander.help') return wrongUsage;
    context.say(`wattrun: ${plainText(error.message.replace(/^error: /, '').replaceAll('\n', ' '))}`);
    return wrongUsage;
  }
  if (error instanceof UsageError || error instanceof WattrunError) {
    context.say(`wattrun: ${plainText(error.message)}${error.hint === undefined ? '' : ` ${plainText(error.hint)}`}`);
    return error instanceof UsageError || usageCodes.has(error.code) ? wrongUsage : 1;
  }
  context.say(`wattrun: ${error instanceof Error ? error.message : String(error)}`);
  context.log(error instanceof Error ? (error.stack ?? '') : '');
  return 1;
}

async function main(): Promise<number> {
  const context = createContext();
  let exitCode = 0;
  try {
    const program = createProgram(context, (code) => {
      exitCode = code;
    });
    if (process.argv.length <= 2) {
      const { startApp } = await import('./app-start/start-app.ts');
      return await startApp(context);
    }
    await program.parseAsync();
    return exitCode;
  } catch (error) {
    return report(context, error);
  }
}

const exitCode = await main();
// A success that could not be printed is none.
if (exitCode !== 0) process.exitCode = exitCode;
// Whatever a hung driver still holds must not keep a finished command alive.
setTimeout(async () => {
  const { exitDespiteDriver } = await import('../engine/sources/exit-despite-driver.ts');
  exitDespiteDriver(Number(process.exitCode ?? 0));
}, 500).unref();
