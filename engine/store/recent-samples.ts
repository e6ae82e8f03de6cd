import type { DatabaseSync } from 'node:sqlite';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { SampleRecord } from './records.ts';

/**
 * Samples come by time and are read by domain. Each second's are written side by side, into one page or two, and put in their places by the minute, or before
 * somebody reads: in their places at once, each domain's would rewrite a page of its own every second. docs/decisions/0027-samples-settle-by-the-minute.md.
 */
export interface RecentSamples {
  /** Within a transaction. Domain null: the machine. */
  write(atMs: number, domainId: string | null, sample: Omit<SampleRecord, 'domainId'>): void;
  /** Puts in place what is not yet. Where the disk is full it stays where it is, on record, and is put in place later. */
  settle(): void;
}

/** What it needs of the record. */
interface SampleRows {
  readonly database: DatabaseSync;
  domainNumber(domainId: string | null): number;
  inTransaction<T>(work: () => T): T;
}

export const sampleColumns = 'ts, domain, watts, joules, low, high, seconds, util, mem, temp, clock, provenance';

export function createRecentSamples(rows: SampleRows): RecentSamples {
  const { database } = rows;
  const insert = database.prepare(
    `INSERT OR REPLACE INTO main.recent_samples (${sampleColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const move = database.prepare(
    `INSERT OR REPLACE INTO main.samples (${sampleColumns}) SELECT ${sampleColumns} FROM main.recent_samples ORDER BY domain, ts`,
  );
  const clear = database.prepare('DELETE FROM main.recent_samples');
  // Asked of the table: an engine that was killed may have left some, and another connection may write.
  const any = database.prepare('SELECT 1 FROM recent_samples LIMIT 1');

  return {
    write(atMs, domainId, sample) {
      insert.run(
        atMs,
        rows.domainNumber(domainId),
        sample.powerWatts,
        sample.joules,
        sample.lowJoules,
        sample.highJoules,
        sample.seconds,
        sample.utilizationRatio,
        sample.memoryUsedBytes,
        sample.temperatureCelsius,
        sample.clockMegahertz,
        sample.provenance,
      );
    },
    settle() {
      if (any.get() === undefined) return;
      try {
        rows.inTransaction(() => {
          move.run();
          clear.run();
        });
      } catch (error) {
        if (!(error instanceof WattrunError && error.code === 'store/full')) throw error;
      }
    },
  };
}
