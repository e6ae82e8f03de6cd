import { createInterface } from 'node:readline/promises';
import type { Client } from '../../shared/contract/client.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { CalibrationStatus, TypedWatts } from '../../shared/model/calibration.ts';
import { percentFromRatio } from '../../shared/units.ts';
import { calibrationText } from '../calibration-text.ts';
import type { CliContext } from '../context.ts';
import { plainText } from '../plain-text.ts';
import { withEngine } from '../record.ts';
import { wattsText } from '../text.ts';
import { typeReading } from '../typed-reading.ts';
import { UsageError } from '../usage-error.ts';

/** Asks the person at the terminal; null when the signal aborts or they end their input. */
export type AskPerson = (question: string, signal: AbortSignal, onInterrupt: () => void) => Promise<string | null>;

export interface CalibrateOptions {
  readonly meter: string | null;
  readonly typed: TypedWatts | null;
  readonly isCpuAsked: boolean;
  readonly isClearing: boolean;
  readonly isJson: boolean;
  /** Null where nobody sits at a terminal. */
  readonly ask: AskPerson | null;
}

const probeLimitMs = 4000;
/** A plug answers within this, and counters have been read twice. */
const firstReadingsMs = 5000;
const cancelledCode = 130;

/** A minute of idle and a minute of load, then what that says of this machine at the wall. */
export async function calibrateCommand(context: CliContext, options: CalibrateOptions): Promise<number> {
  if (options.meter !== null && options.typed !== null)
    throw new UsageError('Say either --meter or --wall.', 'With --wall no meter is asked.');
  if (options.isClearing) return clear(context, options.isJson);
  return withEngine(context, (client) => calibrate(context, client, options), { probeLimitMs });
}

async function clear(context: CliContext, isJson: boolean): Promise<number> {
  const status = await withEngine(context, (client) => client.request('calibration.clear', {}));
  if (isJson) context.out(jsonText(status));
  else context.show('The calibration is forgotten.');
  return 0;
}

const jsonText = (status: CalibrationStatus): string => `${JSON.stringify({ schemaVersion: 1, ...status }, null, 2)}\n`;

async function calibrate(
  context: CliContext,
  client: Client<EngineContract>,
  options: CalibrateOptions,
): Promise<number> {
  const meter = options.typed === null ? await meterFor(client, options) : null;
  const isTypedLater = meter === null && options.typed === null;
  const watch = watchCalibration(context, client, isTypedLater ? options.ask : null);
  try {
    await client.request('calibration.start', {
      meter,
      typed: options.typed,
      isTypedLater,
      isCpuAsked: options.isCpuAsked,
    });
    context.say(
      'A minute of nothing, then a minute of full load on all cores. Leave the machine alone; Ctrl-C ends it.',
    );
    if (meter !== null) context.say(`The wattmeter ${meter} is asked.`);
    if (isTypedLater) context.say('At the end of each minute you will be asked what your wattmeter says.');
    return tell(context, await watch.ended, options);
  } finally {
    watch.close();
  }
}

/** The meter to ask: the one named, else the first that answers; null where a person is to be asked. */
async function meterFor(client: Client<EngineContract>, { meter, ask }: CalibrateOptions): Promise<string | null> {
  const isFound = (meters: readonly string[]): boolean => (meter === null ? meters.length > 0 : meters.includes(meter));
  const { wallMeters } = await client.request('settings.read', {});
  let { meters } = await client.request('calibration.read', {});
  for (let waitedMs = 0; wallMeters.length > 0 && !isFound(meters) && waitedMs < firstReadingsMs; waitedMs += 250) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    ({ meters } = await client.request('calibration.read', {}));
  }
  const found = meter ?? meters[0] ?? null;
  if (found === null && ask === null)
    throw new UsageError(
      'There is neither a wattmeter that answers nor somebody to read one.',
      'Name one in the settings, or say what it shows: wattrun calibrate --wall IDLE,LOAD',
    );
  return found;
}

interface Watch {
  readonly ended: Promise<CalibrationStatus>;
  close(): void;
}

/** Follows a calibration to its end: progress every ten seconds, questions when they are due, and signals that end it. */
function watchCalibration(context: CliContext, client: Client<EngineContract>, ask: AskPerson | null): Watch {
  const closing = new AbortController();
  const asked = new Set<string>();
  const toldProgress = createProgress(context);
  let finish: (status: CalibrationStatus) => void;
  let fail: (error: Error) => void;
  const ended = new Promise<CalibrationStatus>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  // Whoever fails before it is waited for is told by the request that failed.
  ended.catch(() => {});
  const cancel = (): void => void client.request('calibration.cancel', {}).catch((error: Error) => fail(error));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, cancel);

  async function askFor(kind: 'idle' | 'load', person: AskPerson): Promise<void> {
    const isSent = await typeReading({
      ask: async () => (closing.signal.aborted ? null : person('Read the meter now: watts? ', closing.signal, cancel)),
      send: (wallWatts) => client.request('calibration.addTyped', { kind, wallWatts }),
      say: context.say,
    });
    if (!isSent && !closing.signal.aborted) cancel();
  }

  const stopEvents = client.on('calibration.changed', (status) => {
    const { running } = status;
    if (running === null) return finish(status);
    toldProgress(running);
    if (!running.isReadingAwaited || ask === null || asked.has(running.phase)) return;
    asked.add(running.phase);
    askFor(running.phase, ask).catch((error: Error) => fail(error));
  });
  const stopClose = client.onClose(() => fail(new WattrunError('contract/closed', 'The engine has gone.')));
  return {
    ended,
    close() {
      closing.abort();
      stopEvents();
      stopClose();
      for (const signal of signals) process.off(signal, cancel);
    },
  };
}

const progressStepRatio = 1 / 12;

/** A line at every twelfth of the whole: ten seconds. */
function createProgress(context: CliContext): (running: NonNullable<CalibrationStatus['running']>) => void {
  let step = 0;
  return ({ phase, progressRatio, machineWatts, wallWatts }) => {
    const next = Math.floor(progressRatio / progressStepRatio + 1e-9);
    if (next <= step) return;
    step = next;
    const wall = wallWatts === null ? '' : `, wall ${wattsText(wallWatts)}`;
    context.say(
      `${percentFromRatio(progressRatio).toFixed(0).padStart(3)} %  ${phase}  machine ${wattsText(machineWatts)}${wall}`,
    );
  };
}

function tell(context: CliContext, status: CalibrationStatus, options: CalibrateOptions): number {
  const { lastResult, line } = status;
  if (options.isJson) context.out(jsonText(status));
  if (lastResult?.kind === 'cancelled') {
    context.say('Cancelled: nothing was changed.');
    return cancelledCode;
  }
  if (lastResult?.kind !== 'recorded') {
    context.say(`wattrun: ${plainText(lastResult?.message ?? 'The calibration did not end.')} Nothing was changed.`);
    return 1;
  }
  if (!options.isJson) context.show(calibrationText(status, options.isCpuAsked));
  return line === null ? 1 : 0;
}

/** Asked on stderr: stdout is for the result. */
export const terminalQuestion: AskPerson = async (question, signal, onInterrupt) => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal in raw mode sends no signal: Ctrl-C is a key.
  terminal.on('SIGINT', () => {
    process.stderr.write('\n');
    onInterrupt();
  });
  const closed = new Promise<null>((resolve) => terminal.once('close', () => resolve(null)));
  try {
    return await Promise.race([terminal.question(question, { signal }).catch(() => null), closed]);
  } finally {
    terminal.close();
  }
};
