import { describe, expect, it } from 'vitest';
import { joulesFromKwh } from '../units.ts';
import { metricMark, reportDomain, reportExample } from './report-fixture.ts';
import type { RunReport } from './run.ts';
import { compareRuns, type FigureRow, type SettingRow } from './run-comparison.ts';

function figure(reports: readonly RunReport[], id: string): FigureRow | undefined {
  return compareRuns(reports).figures.find((row) => row.id === id);
}
function setting(reports: readonly RunReport[], id: string, tag: string | null = null): SettingRow | undefined {
  return compareRuns(reports).settings.find((row) => row.id === id && row.tag === tag);
}
const using = (kwh: number): Pick<RunReport['energy'], 'totalJoules' | 'lowJoules' | 'highJoules'> => ({
  totalJoules: joulesFromKwh(kwh),
  lowJoules: joulesFromKwh(kwh * 0.95),
  highJoules: joulesFromKwh(kwh * 1.05),
});

describe('the environment', () => {
  const environment = {
    os: 'Debian 12',
    kernel: 'Linux 6.1',
    cpu: 'EPYC',
    gpus: [],
    driverVersion: '580.65',
    cudaVersion: '13.0',
    wattrunVersion: '0.1.0',
    unread: [],
    python: null,
    variables: { NCCL_DEBUG: 'WARN', WORLD_SIZE: '2' },
  };

  it('is compared text by text, its variables word by word', () => {
    const reports = [
      reportExample({ environment }),
      reportExample({
        environment: { ...environment, driverVersion: '595.71', variables: { NCCL_DEBUG: 'WARN', WORLD_SIZE: '4' } },
      }),
      reportExample(),
    ];
    expect(setting(reports, 'os')?.cells.map(({ text, isDifferent }) => [text, isDifferent])).toEqual([
      ['Debian 12, Linux 6.1', false],
      ['Debian 12, Linux 6.1', false],
      [null, true],
    ]);
    expect(setting(reports, 'driver')?.cells[1]?.text).toBe('595.71, CUDA 13.0');
    expect(setting(reports, 'variables')?.cells[1]?.words).toEqual([
      { text: 'NCCL_DEBUG=WARN', isDifferent: false },
      { text: 'WORLD_SIZE=4', isDifferent: true },
    ]);
    expect(setting(reports, 'python')).toBeUndefined();
  });
});

describe('a figure', () => {
  it('is held against the first run', () => {
    // 3 kWh (2.85 – 3.15) against 2 kWh (1.9 – 2.1): half more. 2.05 kWh (1.95 – 2.15): its bounds overlap the first one's.
    const row = figure(
      [reportExample(), reportExample({ energy: using(3) }), reportExample({ energy: using(2.05) })],
      'energyJoules',
    );
    expect(row?.cells.map(({ difference }) => difference.kind)).toEqual(['reference', 'differs', 'within-bounds']);
    expect(row?.cells[1]?.difference).toMatchObject({ ratio: 0.5 });
    expect(row?.isDifferent).toBe(true);
  });

  it('differs in nothing where every difference lies within the bounds', () => {
    expect(figure([reportExample(), reportExample({ energy: using(2.05) })], 'energyJoules')?.isDifferent).toBe(false);
  });

  it('that grows is not compared while either run goes on, a rate is', () => {
    const running = reportExample({
      run: { status: 'running', endedAt: null },
      energy: { ...using(3), meanWatts: 1500 },
    });
    for (const reports of [
      [reportExample(), running],
      [running, reportExample()],
    ]) {
      expect(figure(reports, 'energyJoules')?.cells[1]?.difference).toEqual({ kind: 'unknown', why: 'running' });
      expect(figure(reports, 'meanPowerWatts')?.cells[1]?.difference.kind).toBe('differs');
    }
  });

  it('that only some have is a difference without a size', () => {
    const nothing = { totalJoules: null, lowJoules: null, highJoules: null };
    const row = figure([reportExample(), reportExample({ energy: nothing })], 'energyJoules');
    expect(row?.cells[1]?.difference).toEqual({ kind: 'unknown', why: 'missing' });
    expect(row?.isDifferent).toBe(true);
  });

  it('that none has is left out', () => {
    expect(figure([reportExample(), reportExample()], 'heatSeconds')).toBeUndefined();
  });

  it('in another currency is not compared', () => {
    const dollars = reportExample({ cost: { pricePerKwh: 0.2, currency: 'USD', amount: 4 } });
    expect(figure([reportExample(), dollars], 'cost')?.cells[1]?.difference).toEqual({
      kind: 'unknown',
      why: 'currency',
    });
  });

  it('of a mark is its last value', () => {
    const reports = [2, 1].map((loss) =>
      reportExample({ marks: [metricMark('loss', 9, 1), metricMark('loss', loss, 2)] }),
    );
    const row = figure(reports, 'metric:loss');
    expect(row).toMatchObject({ metric: 'loss', better: 'less', isDifferent: true });
    expect(row?.cells.map(({ value }) => value)).toEqual([2, 1]);
  });
});

describe('a setting', () => {
  it('marks the words of the command that differ', () => {
    const other = reportExample({ run: { command: ['python', 'train.py', '--lr', '3e-5'] } });
    const row = setting([reportExample(), other], 'command');
    expect(row?.cells[0]?.words.some((word) => word.isDifferent)).toBe(false);
    expect(row?.cells[1]?.words.filter((word) => word.isDifferent).map((word) => word.text)).toEqual(['3e-5']);
    expect(row?.isDifferent).toBe(true);
  });

  it('knows that a word which was left out is a difference', () => {
    const shorter = reportExample({ run: { command: ['python', 'train.py'] } });
    expect(setting([reportExample(), shorter], 'command')?.isDifferent).toBe(true);
  });

  it('is a row for each tag, missing where a run has it not', () => {
    const reports = [
      reportExample({ run: { tags: { lr: '1', seed: '7' } } }),
      reportExample({ run: { tags: { lr: '1' } } }),
    ];
    expect(setting(reports, 'tag', 'lr')?.isDifferent).toBe(false);
    expect(setting(reports, 'tag', 'seed')?.cells.map(({ text }) => text)).toEqual(['7', null]);
    expect(setting(reports, 'tag', 'seed')?.isDifferent).toBe(true);
  });

  it('takes no tag from what every object has', () => {
    const reports = [reportExample({ run: { tags: { constructor: 'x' } } }), reportExample()];
    expect(setting(reports, 'tag', 'constructor')?.cells[1]?.text).toBeNull();
  });

  it('counts the devices that were used', () => {
    const domains = [
      reportDomain(),
      reportDomain({ id: 'gpu:1' }),
      reportDomain({ id: 'gpu:2', splitBy: 'none' }),
      reportDomain({ id: 'cpu:0', kind: 'cpu', name: 'Xeon', source: 'rapl' }),
    ];
    const reports = [reportExample({ energy: { domains } }), reportExample({ energy: { domains } })];
    expect(setting(reports, 'devices')?.cells[0]?.text).toBe('2 × NVIDIA H100, Xeon');
    expect(setting(reports, 'sources')?.cells[0]?.text).toBe('nvml, rapl');
  });

  it('that no run has is left out', () => {
    expect(setting([reportExample(), reportExample()], 'gitCommit')).toBeUndefined();
  });
});
