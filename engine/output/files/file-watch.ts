import { open } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import type { MarkInput } from '../../../shared/model/progress.ts';
import type { Clock } from '../../clock/clock.ts';
import type { FileMarks } from '../file-reader.ts';
import { type FoundFile, findMarkFiles, lookAgain } from './find-mark-files.ts';
import { markFileReaders } from './registry.ts';

/** A run whose folder is looked at. */
export interface WatchedRun {
  readonly id: string;
  readonly cwd: string;
  readonly startedMs: number;
}

export interface FileWatchOptions {
  readonly clock: Clock;
  readonly runs: () => readonly WatchedRun[];
  /** Resolves when they are on record. */
  readonly onMarks: (runId: string, marks: readonly MarkInput[]) => Promise<void>;
}

/** Marks from files that a training writes below its folder while it runs. */
export interface FileWatch {
  /** After each round of readings; looks now and then, in the background. */
  step(): void;
  /** Looks at once: at a run's end. Resolves when done, or after a moment. */
  look(runId: string): Promise<void>;
  close(): void;
}

const lookEveryMs = 5000;
/** A folder with more in it than is looked at, or a slow one, is searched less often. */
const slowLookMs = 60_000;
/** Searching costs some 6 µs of CPU a name: at this pace that is half a thousandth of a core. What was found is looked at at its own pace. */
const searchMsAName = 15;
const longLookMs = 500;
const mostFiles = 32;
/** Of one file at one look: an hour of scalars; the rest is for the next one. */
const mostBytes = 2 * 1024 * 1024;
const mostWholeBytes = 32 * 1024 * 1024;
/** A file may be begun by the same clock a little before its run is known. */
const earlyMs = 1000;
const lastLookMs = 1000;

interface Followed {
  readonly marks: FileMarks;
  readBytes: number;
  modifiedMs: number;
}

interface Watched {
  readonly files: Map<string, Followed>;
  readonly told: Map<string, number>;
  dueMs: number;
  /** When the folder is searched again. */
  searchMs: number;
  /** What the last search found. */
  found: readonly FoundFile[];
  looking: Promise<void> | null;
}

export function createFileWatch({ clock, runs, onMarks }: FileWatchOptions): FileWatch {
  const watched = new Map<string, Watched>();
  const stop = new AbortController();

  function watch(runId: string): Watched {
    const known = watched.get(runId);
    if (known !== undefined) return known;
    const dueMs = clock.monotonicMs() + lookEveryMs;
    const made = { files: new Map(), told: new Map(), dueMs, searchMs: dueMs, found: [], looking: null };
    watched.set(runId, made);
    return made;
  }

  function lookAt(run: WatchedRun): Promise<void> {
    const own = watch(run.id);
    own.looking ??= lookOnce(run, own).finally(() => {
      own.looking = null;
    });
    return own.looking;
  }

  async function lookOnce(run: WatchedRun, own: Watched): Promise<void> {
    const beganMs = clock.monotonicMs();
    const search = beganMs >= own.searchMs ? await findMarkFiles(run.cwd, markFileReaders, stop.signal) : null;
    own.found = search?.files ?? (await lookAgain(own.found));
    for (const file of own.found) {
      if (stop.signal.aborted) return;
      const begunMs = file.reader.kind === 'whole' ? file.modifiedMs : file.bornMs;
      if (begunMs < run.startedMs - earlyMs || isOfAnother(run, file.path)) continue;
      if (!own.files.has(file.path) && own.files.size >= mostFiles) continue;
      await readNew(run, own, file).catch(() => {});
    }
    const tookMs = clock.monotonicMs() - beganMs;
    const isSlow = tookMs >= longLookMs;
    const nowMs = clock.monotonicMs();
    if (search !== null)
      own.searchMs =
        nowMs +
        (isSlow || !search.isWhole
          ? slowLookMs
          : Math.min(slowLookMs, Math.max(lookEveryMs, search.names * searchMsAName)));
    own.dueMs = own.files.size === 0 ? own.searchMs : nowMs + (isSlow ? slowLookMs : lookEveryMs);
  }

  /** Where two runs stand in the same folder nothing tells whose a file is. */
  const isOfAnother = (run: WatchedRun, path: string): boolean =>
    runs().some((other) => other.id !== run.id && isBelow(other.cwd, path));

  async function readNew(run: WatchedRun, own: Watched, file: FoundFile): Promise<void> {
    const isGrowing = file.reader.kind === 'grows';
    const known = own.files.get(file.path);
    if (known !== undefined && (isGrowing ? known.readBytes >= file.sizeBytes : known.modifiedMs >= file.modifiedMs))
      return;
    const followed =
      known !== undefined && isGrowing
        ? known
        : { marks: file.reader.create(file.modifiedMs), readBytes: 0, modifiedMs: file.modifiedMs };
    own.files.set(file.path, followed);
    const most = isGrowing ? mostBytes : mostWholeBytes;
    if (!isGrowing && file.sizeBytes > most) return;
    const bytes = await readFrom(file.path, followed.readBytes, Math.min(most, file.sizeBytes - followed.readBytes));
    followed.readBytes += bytes.length;
    await tell(run.id, own, { id: file.reader.id, marks: followed.marks.push(bytes) });
  }

  async function tell(
    runId: string,
    own: Watched,
    { id, marks }: { readonly id: string; readonly marks: ReturnType<FileMarks['push']> },
  ): Promise<void> {
    const fresh = marks.filter(({ kind, value }) => {
      const key = `${id}/${kind}`;
      if (kind !== 'step' && kind !== 'epoch' && kind !== 'tokens' && kind !== 'samples') return true;
      if (value <= (own.told.get(key) ?? 0)) return false;
      own.told.set(key, value);
      return true;
    });
    const told = fresh.map(
      ({ kind, value, atMs, step, epoch }): MarkInput => ({
        kind,
        label: '',
        value,
        atMs,
        step,
        epoch,
        // The same file is read again by the next engine: the same mark is the same id.
        id: `${id}/${kind}/${step ?? value}`.slice(0, 64),
        source: `file:${id}`,
      }),
    );
    if (told.length > 0) await onMarks(runId, told);
  }

  return {
    step() {
      const on = runs();
      const ids = new Set(on.map((run) => run.id));
      for (const id of watched.keys()) if (!ids.has(id)) watched.delete(id);
      for (const run of on) if (clock.monotonicMs() >= watch(run.id).dueMs) lookAt(run).catch(() => {});
    },
    async look(runId) {
      const run = runs().find((one) => one.id === runId);
      if (run === undefined) return;
      // At its end a run may have written what no search has found yet.
      const own = watch(runId);
      const searched = Promise.resolve(own.looking).then(() => {
        own.searchMs = clock.monotonicMs();
        return lookAt(run);
      });
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, lastLookMs).unref();
      });
      await Promise.race([searched.catch(() => {}), late]);
    },
    close: () => stop.abort(),
  };
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

async function readFrom(path: string, from: number, length: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await file.read(bytes, 0, length, from);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
