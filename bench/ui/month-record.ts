import { DatabaseSync } from 'node:sqlite';
import { writeRecord } from '../simulated-engine.ts';

const dayMs = 24 * 3600 * 1000;

/**
 * A record of so many days of 8 GPUs at 1 Hz, up to now. The newest day is sampled by the engine; those before it are the same rows, moved: what a chart
 * reads of them costs as much as of any others.
 */
export async function writeMonth(path: string, days: number, log: (message: string) => void): Promise<void> {
  await writeRecord(path, 24);
  log('one day is written');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;');
  const tables = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
    .all()
    .map((row) => String(row.name))
    .filter((name) => columnsOf(database, name).includes('ts'));
  for (let day = 1; day < days; day++) {
    database.exec('BEGIN');
    for (const table of tables) copyDay(database, table, day);
    database.exec('COMMIT');
  }
  database.prepare('UPDATE runs SET started_ms = started_ms - ?').run((days - 1) * dayMs);
  database.close();
  log(`${days} days are written`);
}

const columnsOf = (database: DatabaseSync, table: string): readonly string[] =>
  database
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map((row) => String(row.name));

function copyDay(database: DatabaseSync, table: string, day: number): void {
  const names = columnsOf(database, table);
  const moved = names.map((name) => (name === 'ts' ? `ts - ${day * dayMs}` : name));
  const newest = database.prepare(`SELECT max(ts) AS ts FROM ${table}`).get()?.ts;
  if (typeof newest !== 'number') return;
  database
    .prepare(
      `INSERT OR IGNORE INTO ${table} (${names.join(', ')}) SELECT ${moved.join(', ')} FROM ${table} WHERE ts > ?`,
    )
    .run(newest - dayMs);
}
