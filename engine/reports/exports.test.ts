import { parse } from 'csv-parse/sync';
import { afterEach, describe, expect, it } from 'vitest';
import { WattrunError } from '../../shared/contract/errors.ts';
import {
  exampleDomainTotals,
  exampleGpu,
  exampleRun,
  exampleSample,
  exampleTick,
  exampleTotals,
} from '../../tests/examples.ts';
import { exampleScene, exportedBytes, exportedText } from '../../tests/export-texts.ts';
import { createSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { createExportBook, exportDefinition, fileNamePart } from './export-book.ts';
import { exportRuns, reportFromStore } from './record-reports.ts';
import { exportDefinitions } from './registry.ts';
import { trackRuns } from './tracked-runs.ts';

const opened: Store[] = [];
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
});

const startedMs = Date.UTC(2026, 6, 14, 8);
const nastyName = '=HYPERLINK("http://x","训练, "" it")\n@SUM(A1)';

/** Two runs: one with everything that breaks a CSV, one that nothing was measured of. */
function recordOfTwo(): Store {
  const store = createSqliteStore({ path: ':memory:', nowMs: 0 });
  opened.push(store);
  store.putDomain(exampleGpu({ name: '+GPU, "big"' }));
  const record = exampleRun({
    startedMs,
    name: nastyName,
    tags: { '=a': 'b;c', lr: '0,5' },
    command: ['python', '-c', 'print("a, b")'],
    durationSeconds: 2,
    endedMs: startedMs + 2000,
    status: 'finished',
    exitCode: 0,
  });
  store.insertRun(record, exampleTotals());
  store.writeTick(
    exampleTick(startedMs + 1000, {
      samples: [exampleSample(1234.5, { utilizationRatio: 0.25 })],
      runSamples: [{ runId: record.id, domainId: 'gpu:GPU-0', powerWatts: 617.25, joules: 617.25, seconds: 1 }],
      runs: [
        {
          record,
          totals: exampleTotals({
            totalJoules: 617.25,
            lowJoules: 600,
            highJoules: 650.5,
            machineJoules: 1234.5,
            meanWatts: 308.625,
          }),
          domains: new Map([
            ['gpu:GPU-0', exampleDomainTotals({ joules: 1234.5, runJoules: 617.25, coveredSeconds: 1 })],
          ]),
        },
      ],
    }),
  );
  store.insertRun(exampleRun({ id: 'run2aaaaaa', startedMs: startedMs + 60_000, project: null }), exampleTotals());
  return store;
}

const render = (format: string, store = recordOfTwo()): Promise<string> =>
  exportedText(exportDefinition(format), exportRuns(store, null));

const tableOf = (text: string): readonly Readonly<Record<string, string>>[] =>
  parse(text, { columns: true, record_delimiter: '\r\n' });

describe('csv', () => {
  it('has the header that scripts rely on: names only ever come at the end', async () => {
    expect((await render('csv')).split('\r\n')[0]).toBe(
      'run_id,name,project,tags,status,exit_code,found_by,host,command,cwd,git_commit,started_at_utc,ended_at_utc,duration_seconds,energy_joules,energy_low_joules,energy_high_joules,energy_kwh,gpu_energy_joules,cpu_energy_joules,dram_energy_joules,machine_energy_joules,mean_power_watts,peak_power_watts,coverage_ratio,evidence,emissions_grams_co2e,intensity_grams_co2e_per_kwh,intensity_source,intensity_year,region,pue_ratio,cost_amount,cost_currency,price_per_kwh,mean_gpu_utilization_ratio,mean_cpu_cores,peak_memory_bytes,gaps,is_simulated,' +
        'epochs,energy_per_epoch_joules,energy_per_epoch_low_joules,energy_per_epoch_high_joules,' +
        'steps,energy_per_step_joules,energy_per_step_low_joules,energy_per_step_high_joules,' +
        'samples,energy_per_sample_joules,energy_per_sample_low_joules,energy_per_sample_high_joules,' +
        'tokens,energy_per_token_joules,energy_per_token_low_joules,energy_per_token_high_joules,' +
        'market_emissions_grams_co2e,market_intensity_grams_co2e_per_kwh,embodied_grams_co2e,water_liters,' +
        'sci_per_run_grams_co2e,sci_per_epoch_grams_co2e,sci_per_step_grams_co2e,sci_per_sample_grams_co2e,sci_per_token_grams_co2e,' +
        'stopped_by,is_paused',
    );
  });

  it('gives back through a reader of CSV what went in, oldest run first', async () => {
    const [first, second] = tableOf(await render('csv'));
    expect(first).toMatchObject({
      run_id: 'run1aaaaaa',
      name: `'${nastyName}`,
      tags: `'=a=b;c;lr=0,5`,
      command: `python -c 'print("a, b")'`,
      started_at_utc: '2026-07-14T08:00:00.000Z',
      energy_joules: '617.25',
      energy_high_joules: '650.5',
      gpu_energy_joules: '617.25',
      // 617.25 J over 2 s.
      mean_power_watts: '308.625',
      is_simulated: 'false',
    });
    // 617.25 J / 3.6e6.
    expect(Number(first?.energy_kwh)).toBeCloseTo(0.000171458333, 12);
    expect(second).toMatchObject({
      run_id: 'run2aaaaaa',
      project: '',
      energy_joules: '',
      energy_kwh: '',
      ended_at_utc: '',
    });
  });
});

describe('timeseries-csv', () => {
  it('has a row for each sample and domain, with the run’s share beside the domain’s energy', async () => {
    const text = await render('timeseries-csv');
    expect(text.split('\r\n')[0]).toBe(
      'run_id,run_name,time_utc,domain_id,domain_name,power_watts,energy_joules,run_energy_joules,utilization_ratio,memory_used_bytes,temperature_celsius,clock_megahertz,evidence,is_simulated',
    );
    expect(tableOf(text)).toEqual([
      {
        run_id: 'run1aaaaaa',
        run_name: `'${nastyName}`,
        time_utc: '2026-07-14T08:00:01.000Z',
        domain_id: 'gpu:GPU-0',
        domain_name: `'+GPU, "big"`,
        power_watts: '1234.5',
        energy_joules: '1234.5',
        run_energy_joules: '617.25',
        utilization_ratio: '0.25',
        memory_used_bytes: '',
        temperature_celsius: '',
        clock_megahertz: '',
        evidence: 'counter',
        is_simulated: 'false',
      },
    ]);
  });
});

describe('json', () => {
  it('is the reports as they are shown, in one array', async () => {
    const store = recordOfTwo();
    expect(JSON.parse(await render('json', store))).toEqual([
      reportFromStore(store, 'run1aaaaaa'),
      reportFromStore(store, 'run2aaaaaa'),
    ]);
  });

  it('is an empty array without runs', async () => {
    expect(JSON.parse(await exportedText(exportDefinition('json'), []))).toEqual([]);
  });
});

describe('every format', () => {
  it('has its own id, a file ending and a type, and something also where there is no run', async () => {
    const ids = exportDefinitions.map((definition) => definition.format.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const definition of exportDefinitions) {
      const { format } = definition;
      expect(format.extension).toMatch(/^[a-z]+$/);
      expect(format.mimeType).toMatch(/^[a-z]+\/[a-z+.-]+$/);
      if (definition.isPrinted !== true) expect((await exportedBytes(definition, [])).length).toBeGreaterThan(0);
    }
  });

  it('is refused by name when there is no such one', () => {
    expect(() => exportDefinition('docx')).toThrow(WattrunError);
    expect(() => exportDefinition('docx')).toThrow(/no export format docx/);
  });
});

describe('an export under way', () => {
  const openNone = (book: ReturnType<typeof createExportBook>): string =>
    book.open({ format: 'csv', runs: trackRuns([], 0), scene: exampleScene(), label: 'a' }).exportId;
  const pull = async (book: ReturnType<typeof createExportBook>, exportId: string): Promise<readonly string[]> => {
    const pieces: string[] = [];
    for (;;) {
      const { text, isDone } = await book.next(exportId);
      pieces.push(text);
      if (isDone) return pieces;
    }
  };

  it('gives the whole text piece by piece and then is over', async () => {
    const store = recordOfTwo();
    const book = createExportBook();
    const { exportId, fileName, mimeType } = book.open({
      format: 'csv',
      runs: exportRuns(store, null),
      scene: exampleScene(),
      label: 'my run',
    });
    expect([fileName, mimeType]).toEqual(['my-run.csv', 'text/csv']);
    expect((await pull(book, exportId)).join('')).toBe(await render('csv', store));
    await expect(book.next(exportId)).rejects.toThrow(/over or was closed/);
  });

  it('is never held whole: a long one comes in several pieces', async () => {
    const store = recordOfTwo();
    const book = createExportBook();
    // 3000 rows of some 200 characters: 600,000, in pieces of 262,144 and a little more.
    for (let i = 0; i < 3000; i++)
      store.writeTick(
        exampleTick(startedMs + 1000 + (i % 1000), { samples: [exampleSample(i, { domainId: `gpu:${i}` })] }),
      );
    const { exportId } = book.open({
      format: 'timeseries-csv',
      runs: exportRuns(store, ['run1aaaaaa']),
      scene: exampleScene(),
      label: '',
    });
    const pieces = await pull(book, exportId);
    expect(pieces.length).toBeGreaterThan(1);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(300_000);
    expect(pieces.join('').split('\r\n')).toHaveLength(1 + 3001 + 1);
  });

  it('that was closed or forgotten is not found', async () => {
    const book = createExportBook();
    const closed = openNone(book);
    book.close(closed);
    book.close(closed);
    await expect(book.next(closed)).rejects.toThrow(WattrunError);
    // Sixteen may be open: the seventeenth makes the oldest go.
    const ids = Array.from({ length: 17 }, () => openNone(book));
    await expect(book.next(ids[0] ?? '')).rejects.toThrow(WattrunError);
    expect((await book.next(ids[1] ?? '')).isDone).toBe(true);
  });
});

describe('fileNamePart', () => {
  it.each([
    ['llama3-8b sft/r2', 'llama3-8b-sft-r2'],
    ['../../etc/passwd', 'etc-passwd'],
    ['.hidden', 'hidden'],
    ['训练 run', '训练-run'],
    ['a\u0000b\nc', 'a-b-c'],
    ['///', 'wattrun'],
    ['', 'wattrun'],
    ['C:\\run', 'C-run'],
  ])('makes of %j the file name %j', (label, name) => expect(fileNamePart(label)).toBe(name));

  it('is never longer than a file system takes', () => expect(fileNamePart('x'.repeat(500))).toHaveLength(80));
});
