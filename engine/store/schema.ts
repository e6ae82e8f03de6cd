import type { DatabaseSync } from 'node:sqlite';
import { WattrunError } from '../../shared/contract/errors.ts';

/**
 * Forward-only migrations; `PRAGMA user_version` counts those applied. Times are Unix milliseconds. `domain` 0 is the machine (in samples) or the
 * run's total (in run_samples); `run` 0 is what belongs to no run. A sample's joules cover the `seconds` before its `ts`.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE domains (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, json TEXT NOT NULL);
  CREATE TABLE samples (
    ts INTEGER NOT NULL, domain INTEGER NOT NULL, watts REAL, joules REAL, low REAL, high REAL, seconds REAL NOT NULL,
    util REAL, mem REAL, temp REAL, clock REAL, provenance TEXT, PRIMARY KEY (domain, ts)) WITHOUT ROWID;
  CREATE TABLE minutes (
    ts INTEGER NOT NULL, domain INTEGER NOT NULL, watts_min REAL, watts_max REAL, joules REAL, low REAL, high REAL, seconds REAL NOT NULL,
    util_min REAL, util_max REAL, util REAL, mem_min REAL, mem_max REAL, mem REAL, temp_min REAL, temp_max REAL, temp REAL,
    clock_min REAL, clock_max REAL, clock REAL, PRIMARY KEY (domain, ts)) WITHOUT ROWID;
  CREATE TABLE run_samples (
    run INTEGER NOT NULL, ts INTEGER NOT NULL, domain INTEGER NOT NULL, watts REAL, joules REAL, seconds REAL NOT NULL,
    PRIMARY KEY (run, ts, domain)) WITHOUT ROWID;
  CREATE TABLE run_minutes (
    run INTEGER NOT NULL, ts INTEGER NOT NULL, domain INTEGER NOT NULL, watts_min REAL, watts_max REAL, joules REAL, seconds REAL NOT NULL,
    PRIMARY KEY (run, ts, domain)) WITHOUT ROWID;
  CREATE TABLE runs (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, started_ms INTEGER NOT NULL, ended_ms INTEGER,
    last_sample_ms INTEGER, deleted_ms INTEGER, json TEXT NOT NULL, totals TEXT NOT NULL);
  CREATE INDEX runs_started ON runs (started_ms);
  CREATE TABLE run_domains (run INTEGER NOT NULL, domain INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (run, domain)) WITHOUT ROWID;
  CREATE TABLE gaps (id INTEGER PRIMARY KEY, domain INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, reason TEXT NOT NULL);
  CREATE INDEX gaps_domain ON gaps (domain, to_ms);
  CREATE TABLE marks (id INTEGER PRIMARY KEY, run INTEGER NOT NULL, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, value REAL, joules REAL);
  CREATE INDEX marks_run ON marks (run, at_ms);
  CREATE TABLE alert_rules (id TEXT PRIMARY KEY, json TEXT NOT NULL);
  CREATE TABLE alert_log (id TEXT PRIMARY KEY, fired_ms INTEGER NOT NULL, cleared_ms INTEGER, json TEXT NOT NULL);
  CREATE INDEX alert_log_fired ON alert_log (fired_ms);
  CREATE TABLE settings (key TEXT PRIMARY KEY, json TEXT NOT NULL);
  `,
  'CREATE TABLE learned (key TEXT PRIMARY KEY, json TEXT NOT NULL);',
  'ALTER TABLE gaps ADD COLUMN bridged INTEGER NOT NULL DEFAULT 0;',
  ['tens', 'ten_minutes'].map(rollUpTables).join(''),
  rollUpTables('hours'),
  // A mark's energy is open (settled = 0) until readings cover its moment; low, high, variance, cut and period are its CurvePoint's.
  `
  ALTER TABLE marks ADD COLUMN client_id TEXT;
  ALTER TABLE marks ADD COLUMN step REAL;
  ALTER TABLE marks ADD COLUMN epoch REAL;
  ALTER TABLE marks ADD COLUMN window_id TEXT;
  ALTER TABLE marks ADD COLUMN source TEXT NOT NULL DEFAULT 'api';
  ALTER TABLE marks ADD COLUMN low REAL;
  ALTER TABLE marks ADD COLUMN high REAL;
  ALTER TABLE marks ADD COLUMN variance REAL;
  ALTER TABLE marks ADD COLUMN cut REAL;
  ALTER TABLE marks ADD COLUMN period REAL;
  ALTER TABLE marks ADD COLUMN settled INTEGER NOT NULL DEFAULT 1;
  CREATE UNIQUE INDEX marks_client ON marks (run, client_id) WHERE client_id IS NOT NULL;
  CREATE INDEX marks_open ON marks (run) WHERE settled = 0;
  `,
  `
  CREATE TABLE alert_destinations (id TEXT PRIMARY KEY, json TEXT NOT NULL);
  CREATE TABLE alert_outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, alert TEXT NOT NULL, destination TEXT NOT NULL, name TEXT NOT NULL,
    what TEXT NOT NULL, payload TEXT NOT NULL, made_ms INTEGER NOT NULL, next_ms INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting', tried_ms INTEGER, error TEXT);
  CREATE INDEX alert_outbox_waiting ON alert_outbox (destination, number) WHERE state = 'waiting';
  CREATE INDEX alert_outbox_alert ON alert_outbox (alert);
  `,
  `
  CREATE TABLE intensities (
    series TEXT NOT NULL, is_forecast INTEGER NOT NULL, from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, grams REAL NOT NULL, kind TEXT NOT NULL,
    source TEXT NOT NULL, is_estimated INTEGER NOT NULL, fetched_ms INTEGER NOT NULL, PRIMARY KEY (series, is_forecast, from_ms)) WITHOUT ROWID;
  ALTER TABLE runs ADD COLUMN accounting TEXT;
  `,
  // Those of the last minute, which are not in `samples` yet.
  `
  CREATE TABLE recent_samples (
    ts INTEGER NOT NULL, domain INTEGER NOT NULL, watts REAL, joules REAL, low REAL, high REAL, seconds REAL NOT NULL,
    util REAL, mem REAL, temp REAL, clock REAL, provenance TEXT, PRIMARY KEY (ts, domain)) WITHOUT ROWID;
  `,
];

/** A table of rolled up samples, and one of runs'. */
function rollUpTables(name: string): string {
  return `
  CREATE TABLE ${name} (
    ts INTEGER NOT NULL, domain INTEGER NOT NULL, watts_min REAL, watts_max REAL, joules REAL, low REAL, high REAL, seconds REAL NOT NULL,
    util_min REAL, util_max REAL, util REAL, mem_min REAL, mem_max REAL, mem REAL, temp_min REAL, temp_max REAL, temp REAL,
    clock_min REAL, clock_max REAL, clock REAL, PRIMARY KEY (domain, ts)) WITHOUT ROWID;
  CREATE TABLE run_${name} (
    run INTEGER NOT NULL, ts INTEGER NOT NULL, domain INTEGER NOT NULL, watts_min REAL, watts_max REAL, joules REAL, seconds REAL NOT NULL,
    PRIMARY KEY (run, ts, domain)) WITHOUT ROWID;`;
}

export const schemaVersion = migrations.length;

/** Brings a database to the present schema. Refuses one that a newer Wattrun wrote: it would lose what it does not know. */
export function migrate(database: DatabaseSync): void {
  const row = database.prepare('PRAGMA user_version').get();
  const version = Number(row?.user_version ?? 0);
  if (version > schemaVersion) {
    throw new WattrunError(
      'store/newer',
      `The record was written by a newer Wattrun (schema ${version}, this one knows ${schemaVersion}).`,
      'Update Wattrun.',
    );
  }
  for (const [i, statements] of migrations.entries()) {
    if (i < version) continue;
    database.exec(`BEGIN IMMEDIATE; ${statements}; PRAGMA user_version = ${i + 1}; COMMIT;`);
  }
}
