import { z } from 'zod';
import { type AlertLogEntry, alertLogEntrySchema, alertRuleSchema } from '../../shared/model/alert.ts';
import { defaultSettings, settingsSchema } from '../../shared/model/settings.ts';
import { insertMessages } from './destination-queries.ts';
import type { Rows } from './rows.ts';
import type { Store } from './store.ts';

const storedRuleSchema = alertRuleSchema.omit({ status: true, scopeLabel: true });

type AlertQueries = Pick<
  Store,
  | 'listRules'
  | 'putRule'
  | 'removeRule'
  | 'putAlert'
  | 'listAlerts'
  | 'readAlert'
  | 'recordAlert'
  | 'readSettings'
  | 'writeSettings'
  | 'readLearned'
  | 'writeLearned'
>;

export function createAlertQueries(rows: Rows): AlertQueries {
  const { database } = rows;
  function put(entry: AlertLogEntry): void {
    database
      .prepare(
        'INSERT INTO alert_log (id, fired_ms, cleared_ms, json) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET cleared_ms = excluded.cleared_ms, json = excluded.json',
      )
      .run(
        entry.id,
        Math.round(entry.firedAtMs),
        entry.clearedAtMs === null ? null : Math.round(entry.clearedAtMs),
        JSON.stringify(entry),
      );
  }
  return {
    listRules: () =>
      database
        .prepare('SELECT json FROM alert_rules ORDER BY rowid')
        .all()
        .map((row) => storedRuleSchema.parse(JSON.parse(String(row.json)))),
    putRule(rule) {
      rows.inTransaction(() =>
        database
          .prepare(
            'INSERT INTO alert_rules (id, json) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET json = excluded.json',
          )
          .run(rule.id, JSON.stringify(rule)),
      );
    },
    removeRule(id) {
      rows.inTransaction(() => database.prepare('DELETE FROM alert_rules WHERE id = ?').run(id));
    },
    putAlert: (entry) => rows.inTransaction(() => put(entry)),
    recordAlert(entry, messages) {
      rows.inTransaction(() => {
        put(entry);
        insertMessages(rows, messages);
      });
    },
    readAlert(id) {
      const row = database.prepare('SELECT json FROM alert_log WHERE id = ?').get(id);
      return row === undefined ? null : parseEntry(row.json);
    },
    listAlerts({ fromMs, toMs, limit }) {
      const found = database
        .prepare(
          'SELECT json FROM alert_log WHERE coalesce(cleared_ms, ?) >= ? AND fired_ms <= ? ORDER BY fired_ms DESC, rowid DESC LIMIT ?',
        )
        .all(Number.MAX_SAFE_INTEGER, fromMs ?? 0, toMs ?? Number.MAX_SAFE_INTEGER, limit ?? 1000);
      return found.map((row) => parseEntry(row.json));
    },
    readSettings() {
      const row = database.prepare("SELECT json FROM settings WHERE key = 'settings'").get();
      const parsed = settingsSchema.safeParse(row === undefined ? {} : JSON.parse(String(row.json)));
      return parsed.success ? parsed.data : defaultSettings;
    },
    readLearned(key) {
      const row = database.prepare('SELECT json FROM learned WHERE key = ?').get(key);
      return row === undefined ? undefined : JSON.parse(String(row.json));
    },
    writeLearned(key, value) {
      rows.inTransaction(() =>
        database
          .prepare('INSERT INTO learned (key, json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET json = excluded.json')
          .run(key, JSON.stringify(value)),
      );
    },
    writeSettings(settings) {
      rows.inTransaction(() =>
        database
          .prepare(
            "INSERT INTO settings (key, json) VALUES ('settings', ?) ON CONFLICT (key) DO UPDATE SET json = excluded.json",
          )
          .run(JSON.stringify(z.object({}).loose().parse(settings))),
      );
    },
  };
}

/** Power rules of older versions kept their values in watts alone. */
function parseEntry(json: unknown): AlertLogEntry {
  const entry = alertLogEntrySchema.parse(JSON.parse(String(json)));
  if (entry.unit !== 'W' || entry.value !== null) return entry;
  return { ...entry, value: entry.valueWatts, peak: entry.peakWatts, limit: entry.limitWatts };
}
