import type { Clock } from '../../clock/clock.ts';
import { createLineSplitter } from '../line-splitter.ts';
import { createToolStream, type ToolStream } from '../tool-stream.ts';
import { chooseFields } from './parse-field-help.ts';
import { parseInvalidField, parseRow, type SmiRow } from './parse-rows.ts';
import { fieldsAfterRefusal, firstFields, isMoreKnown } from './smi-fields.ts';

export interface SmiStreamOptions {
  readonly path: string;
  /** Names of each value, best first. */
  readonly wanted: readonly (readonly string[])[];
  /** Fields that the driver says it knows; empty until it has said. */
  readonly knownFields: () => ReadonlySet<string>;
  /** What a driver that does not say what it knows was found to answer before, to begin with. */
  readonly firstTry?: readonly string[] | null;
  /** Rows come, and the driver had to be asked for less than was wanted without having said what it knows. */
  readonly onFound?: (fields: readonly string[]) => void;
  readonly periodMs: number;
  readonly clock: Clock;
  readonly onRow: (row: SmiRow, arrivedAtMs: number) => void;
  /** A line that is no row: 'Unable to determine the device handle for GPU 0000:0B:00.0: Unknown Error'. */
  readonly onWords: (line: string) => void;
  /** The tool ended or was stopped, for good reason or none; not when a field was refused. */
  readonly onEnd: (reason: string) => void;
  readonly log: (message: string) => void;
}

export interface SmiStream {
  /** Why there are no rows at present; null while they come. */
  trouble(): string | null;
  close(): void;
}

const leastSilenceMs = 5000;
/** Its first row may wait for a driver that loads, or in a buffer of the tool that is written when it is full: of 4 KiB, with one GPU, for some 18 s. */
const firstSilenceMs = 30_000;

/**
 * One long-lived `nvidia-smi --query-gpu=… -lms N`. Without a row for five seconds (or five periods) it is killed; killed or dead it is started
 * again after 1, 2, 4 … 30 s. Where the driver refuses a field it is asked again at once, for what it knows, or for little until it has said what it knows.
 */
export function createSmiStream(options: SmiStreamOptions): SmiStream {
  const { clock, periodMs, wanted } = options;
  let fields = options.firstTry ?? firstFields(wanted);
  let refusals = 0;
  let isReduced = options.firstTry != null;
  let refused: string | null = null;
  let lastWords = '';
  let stream = open();

  function open(): ToolStream {
    let split = createLineSplitter(() => {});
    let rows = 0;
    let arrivedAtMs = 0;
    const receive = (line: string): void => {
      if (line.trim() === '') return;
      const row = parseRow(line, fields);
      if (row === null) hear(line.trim());
      else {
        if (rows === 0 && refusals > 0 && options.knownFields().size === 0) options.onFound?.(fields);
        rows++;
        options.onRow(row, arrivedAtMs);
      }
    };
    return createToolStream({
      command: options.path,
      args: [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits', '-lms', String(Math.round(periodMs))],
      clock,
      silenceMs: Math.max(leastSilenceMs, 5 * periodMs),
      firstSilenceMs: Math.max(firstSilenceMs, 5 * periodMs),
      onStart() {
        split = createLineSplitter(receive);
        lastWords = '';
      },
      onText(text) {
        rows = 0;
        arrivedAtMs = clock.monotonicMs();
        split(text);
        if (rows > 0) askForMore();
        return rows > 0;
      },
      onEnd: ended,
      log: options.log,
    });
  }

  /** It has said meanwhile what it knows, and that is more than it is asked for. */
  function askForMore(): void {
    if (!isReduced || !isMoreKnown(wanted, fields, options.knownFields())) return;
    isReduced = false;
    restart(chooseFields(wanted, options.knownFields()));
  }

  function restart(next: readonly string[]): void {
    fields = next;
    stream.close();
    stream = open();
  }

  function hear(line: string): void {
    lastWords = line.slice(0, 200);
    const field = parseInvalidField(line);
    if (field !== null && fields.includes(field)) refused = field;
    else options.onWords(line);
  }

  function ended(reason: string): void {
    refused ??= parseInvalidField(reason);
    if (refused === null || !fields.includes(refused)) {
      options.onEnd(lastWords === '' || reason.includes(lastWords) ? reason : `${reason}: ${lastWords}`);
      return;
    }
    const next = fieldsAfterRefusal(wanted, fields, { field: refused, known: options.knownFields(), refusals });
    isReduced ||= options.knownFields().size === 0;
    refusals++;
    refused = null;
    restart(next);
  }

  return {
    trouble: () => stream.trouble(),
    close: () => stream.close(),
  };
}
