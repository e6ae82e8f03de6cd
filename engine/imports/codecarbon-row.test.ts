import { describe, expect, it } from 'vitest';
import { joulesFromKwh } from '../../shared/units.ts';
import { codecarbonColumns, droppedColumns } from '../reports/codecarbon-columns.ts';
import { cellsOf, RowRefusal, runFromCells } from './codecarbon-row.ts';

const whole = {
  timestamp: '2026-11-23T17:44:53',
  project_name: 'vision',
  run_id: '943b8e37-0000-4000-8000-000000000001',
  duration: '3600',
  emissions: '0.6',
  cpu_energy: '0.5',
  gpu_energy: '0.9',
  ram_energy: '0.1',
  energy_consumed: '1.5',
  country_name: 'France',
  country_iso_code: 'FRA',
  codecarbon_version: '3.3.0',
  cpu_model: 'AMD EPYC',
  gpu_model: '2 x NVIDIA H100',
  tracking_mode: 'machine',
  on_cloud: 'N',
  pue: '1.5',
  wue: '0.0',
} as const;
const row = codecarbonColumns.map((column) => (whole as Readonly<Record<string, string>>)[column] ?? '');
const context = { project: null, colorIndex: 0 };

describe('cellsOf', () => {
  it('puts back what CodeCarbon 3.3.0 left out, and says so', () => {
    const short = row.filter((_, index) => !droppedColumns.some((column) => column === codecarbonColumns[index]));
    expect(short).toHaveLength(35);
    const { cells, isRepaired } = cellsOf(codecarbonColumns, short);
    expect([isRepaired, cells.tracking_mode, cells.pue, cells.longitude]).toEqual([true, 'machine', '1.5', '']);
  });

  it('refuses 35 fields that are not those', () => {
    expect(() => cellsOf(codecarbonColumns, row.slice(0, 35))).toThrow(RowRefusal);
    expect(() => cellsOf(codecarbonColumns, [...row, 'x'])).toThrow(/39 fields under a header of 38/);
  });

  it('goes by name: older versions have fewer columns in another order', () => {
    const header = ['timestamp', 'experiment_id', 'duration', 'emissions', 'energy_consumed', 'unknown'];
    const { cells } = cellsOf(header, ['2020-03-23T09:26:11', 'e1', '34', '8', '8', 'x']);
    expect(cells).toEqual({
      timestamp: '2020-03-23T09:26:11',
      experiment_id: 'e1',
      duration: '34',
      emissions: '8',
      energy_consumed: '8',
    });
  });
});

describe('runFromCells', () => {
  it('takes the PUE out of energies, keeps kilograms as grams, and claims no bounds', () => {
    const { progress, domains } = runFromCells(whole, context);
    const { record, totals } = progress;
    // 1.5 kWh with a PUE of 1.5 are 1 kWh; 0.6 kg over 1.5 kWh are 400 g/kWh.
    expect(totals.totalJoules).toBeCloseTo(joulesFromKwh(1), 6);
    expect(record.factor.intensityGramsCO2ePerKwh).toBeCloseTo(400, 9);
    expect(record.factor).toMatchObject({ pue: 1.5, region: 'FRA', intensitySource: 'CodeCarbon 3.3.0' });
    expect(totals).toMatchObject({ lowJoules: null, highJoules: null, peakWatts: null });
    expect(record).toMatchObject({ foundBy: 'import', status: 'finished', project: 'vision', durationSeconds: 3600 });
    expect(record.startedMs).toBe(new Date(2026, 10, 23, 16, 44, 53).getTime());
    expect(domains.map(({ kind, name }) => [kind, name])).toEqual([
      ['gpu', '2 x NVIDIA H100'],
      ['cpu', 'AMD EPYC'],
      ['dram', 'Memory'],
    ]);
  });

  it('is the same run each time', () => {
    const ids = [whole, { ...whole, emissions: '0.7' }, { ...whole, run_id: 'other' }].map(
      (cells) => runFromCells(cells, context).progress.record.id,
    );
    expect(ids[0]).toMatch(/^[0-9a-hjkmnp-tv-z]{10}$/);
    expect([ids[1] === ids[0], ids[2] === ids[0]]).toEqual([true, false]);
  });

  it.each([
    [{ energy_consumed: 'nan' }, /energy_consumed is no number: nan/],
    [{ duration: '' }, /duration is empty/],
    [{ emissions: '-1' }, /emissions is negative/],
    [{ pue: '0.5' }, /pue is 0.5/],
    [{ timestamp: '2020-04-31T03:26:11' }, /timestamp is no date/],
    [{ energy_consumed: '0x10' }, /no number/],
    [{ cpu_energy: 'Infinity' }, /cpu_energy is no number/],
  ])('refuses %j', (change, why) => {
    expect(() => runFromCells({ ...whole, ...change }, context)).toThrow(why);
  });
});
