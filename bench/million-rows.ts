import { DatabaseSync } from 'node:sqlite';
import { createSqliteStore } from '../engine/store/sqlite-store.ts';
import { exampleDomainTotals, exampleGpu, exampleRun, exampleTotals } from '../tests/examples.ts';

export const benchRunId = 'bench00000';
const startedMs = Date.UTC(2026, 0, 1);

/** A record of one run with so many samples: eight GPUs, a CPU and its memory, once a second, each value with the digits that real sums have. */
export function makeRecord(path: string, rows: number): void {
  const store = createSqliteStore({ path, nowMs: startedMs });
  const domains = [
    ...Array.from({ length: 8 }, (_, index) =>
      exampleGpu({ id: `gpu:GPU-${index}`, index, label: `GPU ${index}`, name: 'NVIDIA H100 80GB HBM3' }),
    ),
    exampleGpu({ id: 'cpu:0', kind: 'cpu', name: 'AMD EPYC 9354', label: 'CPU' }),
    exampleGpu({ id: 'dram:0', kind: 'dram', name: 'Memory', label: 'Memory' }),
  ];
  for (const domain of domains) store.putDomain(domain);
  const seconds = Math.ceil(rows / domains.length);
  const record = exampleRun({
    id: benchRunId,
    name: 'bench',
    status: 'finished',
    startedMs,
    endedMs: startedMs + seconds * 1000,
    durationSeconds: seconds,
  });
  store.putRuns([
    {
      record,
      totals: exampleTotals({ totalJoules: 1 }),
      domains: new Map(domains.map(({ id }) => [id, exampleDomainTotals({ runJoules: 1, coveredSeconds: seconds })])),
    },
  ]);
  store.close();
  fill(path, seconds);
}

/** In SQL, for the sake of the bench's own time. */
function fill(path: string, seconds: number): void {
  const database = new DatabaseSync(path);
  database.exec(`
    PRAGMA synchronous = OFF;
    BEGIN;
    INSERT INTO samples (ts, domain, watts, joules, low, high, seconds, util, mem, temp, clock, provenance)
      WITH RECURSIVE t (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t WHERE i < ${seconds})
      SELECT ${startedMs} + i * 1000, d.id, 300 + abs(random() % 100000) / 317.0, 300 + abs(random() % 100000) / 317.0, 295.1, 312.2, 1.0003,
        abs(random() % 100) / 100.0, 2e10 + abs(random() % 1000000000), 40 + abs(random() % 40), 1980, 'counter'
      FROM domains d, t;
    INSERT INTO run_samples (run, ts, domain, watts, joules, seconds)
      SELECT (SELECT number FROM runs WHERE id = '${benchRunId}'), ts, domain, watts, joules * 0.97, seconds FROM samples;
    COMMIT;
    PRAGMA wal_checkpoint(TRUNCATE);`);
  database.close();
}
