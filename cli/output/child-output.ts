import { spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import type { OutputMarks } from '../../engine/output/output-marks.ts';
import { type Keyboard, lendKeyboard } from './keyboard.ts';
import { type Libc, loadLibc } from './libc.ts';
import { type Tee, teeOutput } from './tee.ts';
import { followMs, followTerminal, type TerminalModes } from './terminal-modes.ts';

/** Where a command's output goes, and who looks on. */
export interface ChildOutput {
  /** For `spawn`. */
  readonly stdio: ['inherit', number | 'inherit', number | 'inherit'];
  /** Once the command is started, or failed to: our copies of its ends are closed, so that its end is seen. */
  started(): void;
  /** When the window changed its size, before the command is told. */
  resize(): void;
  /** When our job goes on after it was stopped. */
  resume(): void;
  /** Once the command has ended: resolves when all that it wrote is written. */
  finish(): Promise<void>;
}

/** The output is the command's own: nobody looks on. */
export const ownOutput: ChildOutput = {
  stdio: ['inherit', 'inherit', 'inherit'],
  started: () => {},
  resize: () => {},
  resume: () => {},
  finish: async () => {},
};

export interface ChildOutputOptions {
  readonly marks: OutputMarks;
  readonly say: (text: string) => void;
  readonly libc?: Libc | null;
}

/** Programs that a command left behind may hold its output open for ever: after this long others carry it on. */
const patienceMs = 1000;
const streams = [1, 2] as const;
const noPlaceText =
  'wattrun: there is no space left for what the command prints; what is missing was not written. It goes on.';

/**
 * Stands between a command's stdout and stderr and ours. A terminal stays one for the command, of the same size and set as it sets it, and its keyboard, signals and job control stay
 * those of ours, for only what it writes takes the way through here, and keys that a pager wants from there; anything else is a pipe. Two that lead to the same place are one, so that nothing changes
 * its order. Null where this system has no such thing.
 */
export function openChildOutput({ marks, say, libc = loadLibc() }: ChildOutputOptions): ChildOutput | null {
  if (libc === null) return null;
  const opened = new Map<string, Ends>();
  const stdio: ChildOutput['stdio'] = ['inherit', 'inherit', 'inherit'];
  try {
    for (const fd of streams) {
      const place = placeOf(fd);
      // Closed: the command is to find it so.
      if (place === null) continue;
      const ends = opened.get(place) ?? openEnds(libc, fd);
      opened.set(place, ends);
      stdio[fd] = ends.theirs;
    }
  } catch {
    for (const ends of opened.values()) closeEnds(libc, ends);
    return null;
  }
  let tees: readonly Tee[] = [];
  // Two that lead to one terminal are one here; where they are two, each follows its own.
  const terminals: TerminalModes[] = [];
  const keyboards: Keyboard[] = [];
  for (const { ours, fd, name } of opened.values()) {
    if (name === null) continue;
    terminals.push(followTerminal(libc, ours, fd));
    keyboards.push(lendKeyboard({ libc, ours, name, fd }));
  }
  const follow = (): void => {
    for (const terminal of terminals) terminal.follow();
    for (const keyboard of keyboards) keyboard.follow();
  };
  let timer: NodeJS.Timeout | null = null;
  const resize = (): void => {
    for (const { ours, fd, name } of opened.values()) if (name !== null) libc.resize(ours, sizeOf(fd));
  };
  resize();
  return {
    stdio,
    resize,
    resume() {
      for (const terminal of terminals) terminal.resume();
    },
    started() {
      if (terminals.length > 0) timer = setInterval(follow, followMs).unref();
      for (const { theirs } of opened.values()) libc.close(theirs);
      tees = [...opened.values()].map((ends) => {
        const lines = marks.stream();
        const read = (bytes: Uint8Array): void => {
          if (ends.name !== null) follow();
          lines.push(bytes, Date.now());
        };
        const tee = teeOutput(sourceOf(ends), ends.fd, {
          onBytes: read,
          onNoPlace: () => say(noPlaceText),
          onLeft: () => handOver(ends),
        });
        return { ...tee, ended: tee.ended.then(() => lines.finish(Date.now())) };
      });
    },
    async finish() {
      if (timer !== null) clearInterval(timer);
      for (const keyboard of keyboards) keyboard.close();
      for (const terminal of terminals) terminal.restore();
      terminals.length = 0;
      keyboards.length = 0;
      const all = Promise.all(tees.map((tee) => tee.ended));
      const patience = setTimeout(() => {
        for (const tee of tees) tee.leave();
      }, patienceMs);
      await all.catch(() => {});
      clearTimeout(patience);
      marks.finish(Date.now());
    },
  };
}

/**
 * A program that the command left behind prints on, as it would without us: `cat` takes our place for as long as that lives, and ends with it. Closing our end would
 * take its output and, with SIGPIPE, its life. `cat` is detached, so that no Ctrl-C and no end of our terminal's session takes it away from its writer. What it
 * gets as stdin is set to block by libuv (`uv_spawn`, of 0 to 2), on Linux and macOS; it has what is in the pipe still, for we have read nothing that
 * is not written. At the end of a terminal it fails, which is nothing to tell. Where there is no `cat`, the output ends here.
 */
function handOver({ ours, fd }: Ends): void {
  const cat = spawn('cat', [], { stdio: [ours, fd, 'ignore'], detached: true, cwd: '/' });
  cat.on('error', () => {});
  cat.unref();
}

interface Ends {
  readonly fd: number;
  readonly ours: number;
  readonly theirs: number;
  /** The path of the terminal that programs write to; null for a pipe. */
  readonly name: string | null;
}

/** What tells one open place from another; null where nothing is open. */
function placeOf(fd: number): string | null {
  try {
    const { dev, ino, rdev } = fstatSync(fd);
    return `${dev}/${ino}/${rdev}`;
  } catch {
    return null;
  }
}

function openEnds(libc: Libc, fd: number): Ends {
  if (isatty(fd)) return { ...libc.openTerminal(fd), fd };
  const [ours, theirs] = libc.openPipe();
  return { ours, theirs, fd, name: null };
}

function closeEnds(libc: Libc, { ours, theirs }: Ends): void {
  libc.close(ours);
  libc.close(theirs);
}

const sourceOf = ({ ours, name }: Ends): Readable =>
  name !== null ? new ReadStream(ours) : new Socket({ fd: ours, readable: true, writable: false });

/** A terminal that does not know its size is taken for a usual one: bars of no height are not drawn at all. */
function sizeOf(fd: number): { readonly columns: number; readonly rows: number } {
  const stream = fd === 1 ? process.stdout : process.stderr;
  const [columns, rows] = stream.isTTY ? stream.getWindowSize() : [0, 0];
  return { columns: columns || 80, rows: rows || 24 };
}
