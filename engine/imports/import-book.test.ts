import { afterEach, beforeEach, expect, it } from 'vitest';
import { exampleGpu, exampleRun, exampleTotals } from '../../tests/examples.ts';
import { exportedText } from '../../tests/export-texts.ts';
import { codecarbonCsvExport } from '../reports/codecarbon-csv.ts';
import { exportRuns } from '../reports/record-reports.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { createImportBook } from './import-book.ts';

let store: Store;
beforeEach(() => {
  store = createSqliteStore({ path: ':memory:', nowMs: 0 });
  store.putDomain(exampleGpu());
});
afterEach(() => store.close());

const importText = async (into: Store, text: string) => {
  const book = createImportBook(into);
  const importId = book.open({ project: null, isDryRun: false });
  await book.push(importId, text);
  return book.finish(importId);
};

it('knows runs that were measured here and exported, and brings their names whole where they are not', async () => {
  store.insertRun(
    exampleRun({ project: '@sum', endedMs: 1_060_000, durationSeconds: 60, status: 'finished' }),
    exampleTotals({ totalJoules: 3.6e6 }),
  );
  const text = await exportedText(codecarbonCsvExport, exportRuns(store, null));
  expect(text).toContain(",'@sum,");
  expect(await importText(store, text)).toMatchObject({ imported: 0, known: 1, refused: 0 });
  expect(store.countRuns()).toBe(1);

  const other = createSqliteStore({ path: ':memory:', nowMs: 0 });
  expect(await importText(other, text)).toMatchObject({ imported: 1, known: 0 });
  expect(other.listRuns().map(({ record }) => record.project)).toEqual(['@sum']);
  // An apostrophe that CodeCarbon wrote is part of the name.
  const foreign = text.replace('wattrun 1.2.3', '3.3.0').replace('run1aaaaaa', 'another');
  await importText(other, foreign);
  expect(
    other
      .listRuns()
      .map(({ record }) => record.project)
      .sort(),
  ).toEqual(["'@sum", '@sum']);
  other.close();
});
