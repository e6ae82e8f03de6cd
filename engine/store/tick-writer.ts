import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { GapRecord, RunProgress, RunSampleRecord, TickRecord, TickRunSamples } from './records.ts';
import { rollUpAgain } from './roll-ups.ts';
import type { Rows } from './rows.ts';

/** Two gaps of a domain with the same reason that touch are one: moments are kept in whole milliseconds. */
const gapJoinMs = 1;

/** Writes what a tick holds. Within a transaction. */
export interface TickWriter {
  writeTick(tick: TickRecord): void;
  /** Of ticks that are written already, in the place of what they say of the same runs and domains. */
  writeRunSamples(ticks: readonly TickRunSamples[]): void;
  /** The same, added to what they say. */
  addRunSamples(ticks: readonly TickRunSamples[]): void;
  writeGap(gap: GapRecord): void;
}

/** The machine as a whole has energy alone. */
const unknownState = {
  utilizationRatio: null,
  memoryUsedBytes: null,
  temperatureCelsius: null,
  clockMegahertz: null,
  provenance: null,
} as const;

export function createTickWriter(rows: Rows, putRun: (progress: RunProgress) => void): TickWriter {
  const { database } = rows;
  const insertRunSample = database.prepare(
    'INSERT OR REPLACE INTO run_samples (run, ts, domain, watts, joules, seconds) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const addToRunSample = database.prepare(
    `INSERT INTO run_samples (run, ts, domain, watts, joules, seconds) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (run, ts, domain) DO UPDATE SET joules = joules + excluded.joules, seconds = seconds + excluded.seconds,
       watts = CASE WHEN seconds + excluded.seconds > 0 THEN (joules + excluded.joules) / (seconds + excluded.seconds) ELSE watts END`,
  );
  const lastGap = database.prepare(
    'SELECT id, to_ms, reason, bridged FROM gaps WHERE domain = ? ORDER BY to_ms DESC LIMIT 1',
  );
  const extendGap = database.prepare('UPDATE gaps SET to_ms = ? WHERE id = ?');
  const insertGap = database.prepare(
    'INSERT INTO gaps (domain, from_ms, to_ms, reason, bridged) VALUES (?, ?, ?, ?, ?)',
  );

  function put(statement: StatementSync, atMs: number, sample: RunSampleRecord): void {
    const { runId, domainId, powerWatts, joules, seconds } = sample;
    const number = rows.runNumber(runId);
    if (number !== null) run(statement, number, atMs, rows.domainNumber(domainId), powerWatts, joules, seconds);
  }

  function putLate(statement: StatementSync, ticks: readonly TickRunSamples[]): void {
    if (ticks.length === 0) return;
    for (const { atMs, samples } of ticks) for (const sample of samples) put(statement, Math.round(atMs), sample);
    const firstMs = Math.min(...ticks.map((tick) => tick.atMs));
    const runIds = new Set(ticks.flatMap(({ samples }) => samples.map((sample) => sample.runId)));
    for (const runId of runIds) rollUpAgain(rows, rows.runNumber(runId), firstMs);
  }
  function writeGap(gap: GapRecord): void {
    const domain = rows.domainNumber(gap.domainId);
    const last = lastGap.get(domain);
    const isSame =
      last !== undefined &&
      last.reason === gap.reason &&
      (last.bridged !== 0) === gap.isBridged &&
      Math.abs(gap.fromMs - Number(last.to_ms)) <= gapJoinMs;
    if (isSame) extendGap.run(Math.round(gap.toMs), last.id ?? null);
    else insertGap.run(domain, Math.round(gap.fromMs), Math.round(gap.toMs), gap.reason, gap.isBridged ? 1 : 0);
  }

  return {
    writeGap,
    writeRunSamples: (ticks) => putLate(insertRunSample, ticks),
    addRunSamples: (ticks) => putLate(addToRunSample, ticks),
    writeTick(tick) {
      const atMs = Math.round(tick.atMs);
      rows.recentSamples.write(atMs, null, { ...unknownState, ...tick.machine });
      for (const sample of tick.samples) rows.recentSamples.write(atMs, sample.domainId, sample);
      for (const sample of tick.runSamples) put(insertRunSample, atMs, sample);
      putLate(addToRunSample, tick.lateSamples);
      for (const gap of tick.gaps) writeGap(gap);
      for (const progress of tick.runs) putRun(progress);
    },
  };
}

function run(statement: StatementSync, ...values: readonly SQLInputValue[]): void {
  statement.run(...values);
}
