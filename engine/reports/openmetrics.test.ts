import { expect, it } from 'vitest';
import { exampleRun, exampleTotals } from '../../tests/examples.ts';
import { exportedText } from '../../tests/export-texts.ts';
import type { RunRecord } from '../store/records.ts';
import { openMetricsExport } from './openmetrics.ts';
import { runReport } from './run-report.ts';

/** The samples of a run's energy. */
async function energyOf(record: Partial<RunRecord>, isPaused = false): Promise<readonly string[]> {
  const report = runReport({
    record: exampleRun({ endedMs: 1_010_000, durationSeconds: 10, ...record }),
    totals: exampleTotals({ totalJoules: 7 }),
    domains: [],
    gaps: [],
    marks: [],
    alerts: [],
    wall: null,
    isPaused,
  });
  const text = await exportedText(openMetricsExport, [{ report, timeSeries: () => [] }]);
  return text.split('\n').filter((line) => line.startsWith('wattrun_run_energy_joules{'));
}

it('labels a run with what stopped it and that it is held, only where that is so', async () => {
  const labels = 'run="run1aaaaaa",name="train",project="vision",status="finished",evidence="",simulated="false"';
  expect(await energyOf({ status: 'finished' })).toEqual([`wattrun_run_energy_joules{${labels}} 7 1010.000`]);
  const stoppedBy = { alertId: 'a1', rule: 'Above "4.5 kW"' };
  expect((await energyOf({ status: 'stopped', stoppedBy }))[0]).toContain(
    'status="stopped",evidence="",simulated="false",stopped_by="Above \\"4.5 kW\\""}',
  );
  expect((await energyOf({ status: 'running' }, true))[0]).toContain('simulated="false",paused="true"}');
});
