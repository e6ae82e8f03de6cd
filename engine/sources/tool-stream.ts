import { type ChildProcess, spawn } from 'node:child_process';
import { secondsFromMs } from '../../shared/units.ts';
import type { Clock } from '../clock/clock.ts';

export interface ToolStreamOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly clock: Clock;
  /** Killed and started again after this long without a sign of life; longer where its signs of life come far apart. Null: it is silent while there is nothing to tell. */
  readonly silenceMs: number | null;
  /** Before its very first sign of life, where that may take longer. */
  readonly firstSilenceMs?: number;
  /** A fresh process: whatever was half read of the last one is void. */
  readonly onStart: () => void;
  /** A piece of stdout, cut anywhere. True: it held a sample, which is the sign of life. */
  readonly onText: (text: string) => boolean;
  /** The tool ended or was stopped, with the last words of its stderr. */
  readonly onEnd: (reason: string) => void;
  readonly log: (message: string) => void;
}

export interface ToolStream {
  /** Why there is no sample at present; null while they come. */
  trouble(): string | null;
  close(): void;
}

const firstBackOffMs = 1000;
const longestBackOffMs = 30_000;
/** Timers count in whole milliseconds. */
const leastWatchMs = 2;
const longestSilenceMs = 60_000;
/** Signs of life that lie this far apart once may again. */
const silenceRatio = 2.5;
const mostWords = 300;

/** One long-lived tool that prints samples. Silent it is killed, and given twice the time at its next start; killed or dead it is started again after 1, 2, 4 … 30 s. */
export function createToolStream(options: ToolStreamOptions): ToolStream {
  const { clock, command } = options;
  let child: ChildProcess | null = null;
  let backOffMs = firstBackOffMs;
  let startTimer: NodeJS.Timeout | null = null;
  let lastSignOfLifeMs = clock.monotonicMs();
  let silenceMs = options.firstSilenceMs ?? options.silenceMs ?? Number.POSITIVE_INFINITY;
  let watchTimer: NodeJS.Timeout | null = null;
  let words = '';
  let trouble: string | null = null;
  let isClosed = false;

  /** Asked after a call to others, who may have closed it. */
  const isOver = (): boolean => isClosed;

  function start(): void {
    startTimer = null;
    if (isClosed) return;
    lastSignOfLifeMs = clock.monotonicMs();
    words = '';
    options.onStart();
    watch();
    const started = spawn(command, [...options.args], { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    child = started;
    started.stdout.setEncoding('utf8').on('data', (text: string) => receive(text, started));
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-mostWords);
    });
    // Reads of a pipe that is torn down while it is read from fail; that the process ended is told by 'exit'.
    started.stdout.on('error', () => {});
    started.stderr.on('error', () => {});
    started.on('error', (error) => ended(started, error.message));
    // 'close' comes after the last of stderr, 'exit' before it: the words must be whole.
    started.on('close', (code, signal) => ended(started, `${command} ended (${signal ?? `exit ${code}`})`));
  }

  function receive(text: string, from: ChildProcess): void {
    if (from !== child || !options.onText(text)) return;
    const nowMs = clock.monotonicMs();
    const pauseMs = nowMs - lastSignOfLifeMs;
    lastSignOfLifeMs = nowMs;
    if (options.silenceMs !== null) allowSilence(Math.max(options.silenceMs, silenceRatio * pauseMs));
    backOffMs = firstBackOffMs;
    trouble = null;
  }

  function ended(who: ChildProcess, reason: string): void {
    if (who !== child) return;
    child = null;
    const said = words.replaceAll(/\s+/g, ' ').trim();
    trouble = said === '' ? reason : `${reason}: ${said}`;
    if (isClosed) return;
    options.onEnd(trouble);
    if (isOver()) return;
    options.log(`${trouble}; again in ${backOffMs} ms`);
    startTimer = setTimeout(start, backOffMs);
    backOffMs = Math.min(longestBackOffMs, backOffMs * 2);
  }

  /** A tool that runs as another user cannot be killed: without its pipes its next line ends it. */
  function stop(who: ChildProcess): void {
    who.stdout?.destroy();
    who.stderr?.destroy();
    who.kill('SIGKILL');
    who.unref();
  }

  function allowSilence(ms: number): void {
    const before = silenceMs;
    silenceMs = Math.min(longestSilenceMs, ms);
    if (silenceMs < before) watch();
  }

  /** Looks again when it would have been silent for too long, and not every so often: every look wakes the process. */
  function watch(): void {
    if (watchTimer !== null) clearTimeout(watchTimer);
    watchTimer = null;
    if (!Number.isFinite(silenceMs)) return;
    const leftMs = lastSignOfLifeMs + silenceMs - clock.monotonicMs();
    watchTimer = setTimeout(look, Math.max(leastWatchMs, leftMs));
  }

  const isSilent = (): boolean => clock.monotonicMs() - lastSignOfLifeMs >= silenceMs;

  function look(): void {
    watchTimer = null;
    if (child === null) return;
    // Where it is this process that did not run for a while, what the tool printed meanwhile is still to be read.
    if (isSilent()) setImmediate(judge, child);
    else watch();
  }

  function judge(stuck: ChildProcess): void {
    if (stuck !== child) return;
    if (!isSilent()) {
      watch();
      return;
    }
    ended(stuck, `${command} gave nothing for ${Math.round(secondsFromMs(silenceMs))} s`);
    silenceMs = Math.min(longestSilenceMs, 2 * silenceMs);
    stop(stuck);
  }

  start();
  return {
    trouble: () => trouble,
    close() {
      if (isClosed) return;
      isClosed = true;
      if (watchTimer !== null) clearTimeout(watchTimer);
      if (startTimer !== null) clearTimeout(startTimer);
      if (child !== null) stop(child);
    },
  };
}
