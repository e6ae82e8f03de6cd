import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '../../clock/clock.ts';
import { createLineSplitter, parseInvalidField, parseRow, type SmiRow } from './parse-rows.ts';

export interface SmiStreamOptions {
  readonly path: string;
  readonly fields: readonly string[];
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

/** Names that drivers before 535 know a field by. */
const olderNames: Readonly<Record<string, string>> = {
  'clocks_event_reasons.active': 'clocks_throttle_reasons.active',
};

/** The query without a field that the driver refused; under its older name where it has one. */
export function withoutField(fields: readonly string[], refused: string): readonly string[] {
  const older = olderNames[refused];
  return fields.flatMap((field) => (field !== refused ? [field] : older === undefined ? [] : [older]));
}

const firstBackOffMs = 1000;
const longestBackOffMs = 30_000;
const leastWatchdogMs = 5000;

/**
 * One long-lived `nvidia-smi --query-gpu=… -lms N`. Without a row for five seconds (or five periods) it is killed; killed or dead it is started
 * again after 1, 2, 4 … 30 s. A field that the driver does not know is left out of the next start.
 */
export function createSmiStream(options: SmiStreamOptions): SmiStream {
  const { clock, periodMs } = options;
  const watchdogMs = Math.max(leastWatchdogMs, 5 * periodMs);
  let fields = options.fields;
  let child: ChildProcess | null = null;
  let backOffMs = firstBackOffMs;
  let startTimer: NodeJS.Timeout | null = null;
  let lastSignOfLifeMs = clock.monotonicMs();
  let lastWords = '';
  let trouble: string | null = null;
  let isClosed = false;

  function start(): void {
    startTimer = null;
    if (isClosed) return;
    lastSignOfLifeMs = clock.monotonicMs();
    const started = spawn(
      options.path,
      [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits', '-lms', String(Math.round(periodMs))],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
      },
    );
    child = started;
    const split = createLineSplitter((line) => receive(line, started));
    const splitErrors = createLineSplitter(hear);
    started.stdout.setEncoding('utf8').on('data', split);
    started.stderr.setEncoding('utf8').on('data', splitErrors);
    started.on('error', (error) => ended(started, error.message));
    started.on('exit', (code, signal) =>
      ended(started, `nvidia-smi ended (${signal ?? `exit ${code}`})${lastWords === '' ? '' : `: ${lastWords}`}`),
    );
  }

  function receive(line: string, from: ChildProcess): void {
    if (from !== child || line.trim() === '') return;
    const row = parseRow(line, fields);
    if (row === null) {
      hear(line);
      return;
    }
    lastSignOfLifeMs = clock.monotonicMs();
    backOffMs = firstBackOffMs;
    trouble = null;
    options.onRow(row, lastSignOfLifeMs);
  }

  function hear(line: string): void {
    if (line.trim() === '') return;
    lastWords = line.trim().slice(0, 200);
    const invalid = parseInvalidField(line);
    if (invalid !== null && fields.includes(invalid)) {
      fields = withoutField(fields, invalid);
      backOffMs = 0;
      return;
    }
    options.onWords(line.trim());
  }

  function ended(who: ChildProcess, reason: string): void {
    if (who !== child) return;
    child = null;
    trouble = reason;
    if (isClosed) return;
    if (backOffMs > 0) options.onEnd(reason);
    options.log(`nvidia-smi: ${reason}; again in ${backOffMs} ms`);
    startTimer = setTimeout(start, backOffMs);
    backOffMs = Math.min(longestBackOffMs, Math.max(firstBackOffMs, backOffMs * 2));
  }

  const watchdog = setInterval(() => {
    const stuck = child;
    if (stuck === null || clock.monotonicMs() - lastSignOfLifeMs < watchdogMs) return;
    stuck.kill('SIGKILL');
    // A process stuck in the driver cannot be killed: it is left behind, not waited for.
    ended(stuck, `nvidia-smi gave nothing for ${Math.round(watchdogMs / 1000)} s`);
  }, 500);

  start();
  return {
    trouble: () => trouble,
    close() {
      isClosed = true;
      clearInterval(watchdog);
      if (startTimer !== null) clearTimeout(startTimer);
      child?.kill('SIGKILL');
      child?.unref();
    },
  };
}
