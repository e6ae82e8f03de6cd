import { WattrunError } from '../../shared/contract/errors.ts';
import { isSummed } from '../../shared/model/domain.ts';
import type { EnergyNow, MarkInput, MarksAnswer } from '../../shared/model/progress.ts';
import type { Clock } from '../clock/clock.ts';
import type { Timeline } from '../clock/timeline.ts';
import type { Pipeline } from '../measuring/pipeline.ts';
import type { ActiveRun } from '../runs/active-run.ts';
import { lastMsOf } from '../runs/run-breaks.ts';
import type { CurvePoint, NewMark, OpenMark } from '../store/records.ts';
import type { MarkEntry, Store } from '../store/store.ts';
import { createLiveCounts, type LiveCounts } from './live-counts.ts';
import { recordedPoint } from './record-curve.ts';
import { trimCurve } from './run-curve.ts';

export interface MarkBookOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly pipeline: () => Pipeline;
  readonly find: (runId: string) => ActiveRun | undefined;
  readonly active: () => readonly ActiveRun[];
  readonly onChanged: (runIds: readonly string[]) => void;
  /** For what may wait while nothing can be written. */
  readonly write: (work: () => void) => void;
}

/** Marks of runs: on disk before they are answered, and their energy once readings cover their moment. */
export interface MarkBook {
  /** Resolves when they are on disk. Throws 'runs/not-found', 'runs/not-running' where all lie outside the run, 'store/…'. */
  add(runId: string, marks: readonly MarkInput[]): Promise<MarksAnswer>;
  /** After each round of readings. */
  step(): void;
  /** What is open of a run that has ended: nothing is read for it any more. */
  settleEnded(run: ActiveRun): void;
  /** Marks that an engine which is gone left open, or that have changed runs. */
  adopt(): void;
  /** Writes what waits: before a run that it is of becomes another, or none. */
  flush(): void;
  energyNow(runId: string): EnergyNow;
  /** Step, epoch and what one takes, of a run that is on. */
  live(run: ActiveRun): ReturnType<LiveCounts['read']>;
}

/** A mark may lie this far outside the run's time: clocks are read before and after. */
const outsideMs = 60_000;
/** How long a run's curve is held for marks that come late; later ones are found on record. */
const curveMs = 120_000;
/** Who looks at runs reads them anew when told: not with every reading. */
const tellEveryMs = 5000;
/** After this long a mark's energy is what is known: a counter that is being waited for may never answer. */
const longestOpenMs = 60_000;

interface Waiting {
  readonly entry: MarkEntry;
  readonly done: (rowId: number | null) => void;
  readonly failed: (error: unknown) => void;
}

export function createMarkBook(options: MarkBookOptions): MarkBook {
  const { store, clock, timeline } = options;
  let waiting: Waiting[] = [];
  let open: OpenMark[] = [];
  const changed = new Set<string>();
  let toldMs = Number.NEGATIVE_INFINITY;
  const counts = createLiveCounts();

  /** All that came while the disk was busy is written at once. */
  function flush(): void {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      const rowIds = store.insertMarks(batch.map(({ entry }) => entry));
      for (const [i, { done }] of batch.entries()) done(rowIds[i] ?? null);
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  }

  function put(entry: MarkEntry): Promise<boolean> {
    if (waiting.length === 0) setImmediate(flush);
    return new Promise((resolve, reject) => {
      waiting.push({
        entry,
        failed: reject,
        done(rowId) {
          if (rowId !== null && !entry.isSettled) {
            open.push({ rowId, runId: entry.runId, atMs: entry.mark.atMs });
            counts.add(entry.runId, entry.mark);
          }
          resolve(rowId !== null);
        },
      });
    });
  }

  /** Between which moments marks of a run are taken. */
  function spanOf(runId: string): { readonly fromMs: number; readonly toMs: number; readonly name: string } {
    const run = options.find(runId);
    const record = run?.record ?? store.readRun(runId)?.record;
    if (record === undefined)
      throw new WattrunError('runs/not-found', `There is no run ${runId}.`, 'List them with: wattrun runs');
    const isOn = record.status === 'running' && (run === undefined || run.endMs === null);
    const toMs = isOn ? clock.unixMs() : (record.endedMs ?? lastMsOf(record));
    return { fromMs: record.startedMs - outsideMs, toMs: toMs + outsideMs, name: record.name };
  }

  function fromRecord(runId: string, moments: readonly number[]): readonly (CurvePoint | null)[] {
    const record = store.readRun(runId)?.record;
    const domains = store.readRunDomains(runId).filter(({ domain }) => isSummed(domain.kind));
    if (record === undefined || domains.length === 0) return moments.map(() => null);
    const totals = new Map(domains.map(({ domain, totals: one }) => [domain.id, one]));
    const rows = store.runEnergyRows(runId, Math.min(...moments), Math.max(...moments));
    return moments.map((atMs) => recordedPoint({ rows, totals, startedMs: record.startedMs }, atMs));
  }

  /** Entries of marks that lie within the run's time. A late one's energy is on record already. */
  function entriesOf(runId: string, marks: readonly NewMark[]): readonly MarkEntry[] {
    const run = options.find(runId);
    if (run === undefined) {
      const points = fromRecord(
        runId,
        marks.map((mark) => mark.atMs),
      );
      const isOver = store.readRun(runId)?.record.status !== 'running';
      return marks.map((mark, i) => ({ runId, mark, point: points[i] ?? null, isSettled: isOver }));
    }
    return marks.map((mark) => ({
      runId,
      mark,
      point: options.pipeline().pointOf(run, timeline.monotonicFromUnix(mark.atMs)),
      isSettled: false,
    }));
  }

  function settle(marks: readonly OpenMark[]): void {
    if (marks.length === 0) return;
    const late = new Map<string, OpenMark[]>();
    const points: { readonly rowId: number; readonly point: CurvePoint | null }[] = [];
    for (const mark of marks) {
      const run = options.find(mark.runId);
      const point = run === undefined ? null : options.pipeline().pointOf(run, timeline.monotonicFromUnix(mark.atMs));
      if (point !== null) points.push({ rowId: mark.rowId, point });
      else if (!late.get(mark.runId)?.push(mark)) late.set(mark.runId, [mark]);
      if (run !== undefined && point !== null) counts.settle(mark.runId, mark.atMs, point);
    }
    for (const [runId, those] of late) {
      const found = fromRecord(
        runId,
        those.map((mark) => mark.atMs),
      );
      for (const [i, { rowId, atMs }] of those.entries()) {
        const point = found[i] ?? null;
        points.push({ rowId, point });
        if (point !== null && options.find(runId) !== undefined) counts.settle(runId, atMs, point);
      }
    }
    for (const { runId } of marks) changed.add(runId);
    options.write(() => store.settleMarks(points));
  }

  return {
    async add(runId, marks) {
      const span = spanOf(runId);
      const nowMs = clock.unixMs();
      const told = marks.map((mark) => newMark(mark, nowMs));
      const inside = told.filter((mark) => mark.atMs >= span.fromMs && mark.atMs <= span.toMs);
      if (inside.length === 0)
        throw new WattrunError(
          'runs/not-running',
          `${span.name} was not on at that time.`,
          'A mark must lie within the run, or a minute around it.',
        );
      const stored = await Promise.all(entriesOf(runId, inside).map(put));
      const accepted = stored.filter(Boolean).length;
      if (accepted > 0) changed.add(runId);
      const run = options.find(runId);
      if (accepted > 0 && run !== undefined) run.lastCutMs = clock.monotonicMs();
      // A note that somebody sets is shown at once; what comes by the hundred, with the next round of readings.
      if (accepted > 0 && (marks.length === 1 || run === undefined)) tellChanged();
      return { accepted, repeated: inside.length - accepted, refused: told.length - inside.length };
    },
    step() {
      const nowMs = clock.monotonicMs();
      const due = open.filter((mark) => {
        const run = options.find(mark.runId);
        if (run === undefined) return true;
        const atMs = timeline.monotonicFromUnix(mark.atMs);
        return atMs <= options.pipeline().coveredToMs() || nowMs - atMs > longestOpenMs;
      });
      if (due.length > 0) {
        const taken = new Set(due);
        open = open.filter((mark) => !taken.has(mark));
        settle(due);
      }
      for (const run of options.active()) trimCurve(run.curve, nowMs - curveMs);
      if (nowMs - toldMs >= tellEveryMs) tellChanged();
    },
    settleEnded(run) {
      const own = open.filter((mark) => mark.runId === run.record.id);
      open = open.filter((mark) => mark.runId !== run.record.id);
      settle(own);
      counts.forget(run.record.id);
    },
    adopt() {
      open = [...store.openMarks()];
    },
    flush,
    energyNow(runId) {
      const run = options.find(runId);
      const stored = run === undefined ? store.readRun(runId) : null;
      if (run === undefined && stored === null)
        throw new WattrunError('runs/not-found', `There is no run ${runId}.`, 'List them with: wattrun runs');
      const totals = run === undefined ? stored?.totals : options.pipeline().progressOf(run).totals;
      const record = run?.record ?? stored?.record;
      return {
        joules: totals?.totalJoules ?? null,
        lowJoules: totals?.lowJoules ?? null,
        highJoules: totals?.highJoules ?? null,
        atMs: record === undefined ? clock.unixMs() : lastMsOf(record),
      };
    },
    live: (run) => counts.read(run.record.id),
  };

  function tellChanged(): void {
    if (changed.size === 0) return;
    toldMs = clock.monotonicMs();
    options.onChanged([...changed]);
    changed.clear();
  }
}

const newMark = (mark: MarkInput, nowMs: number): NewMark => ({
  atMs: mark.atMs ?? nowMs,
  kind: mark.kind,
  label: mark.label,
  value: mark.value ?? null,
  clientId: mark.id ?? null,
  step: mark.step ?? null,
  epoch: mark.epoch ?? null,
  windowId: mark.windowId ?? null,
  source: mark.source ?? 'api',
});
