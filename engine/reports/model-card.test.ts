import { expect, it } from 'vitest';
import type { RunReport } from '../../shared/model/run.ts';
import { exampleDomainTotals, exampleGpu, exampleRun, exampleTotals } from '../../tests/examples.ts';
import { exportedText } from '../../tests/export-texts.ts';
import { modelCardExport } from './model-card.ts';
import { runReport } from './run-report.ts';

it('says in words what the energy was found by', async () => {
  const report: RunReport = runReport({
    record: exampleRun({ status: 'finished' }),
    totals: exampleTotals({ totalJoules: 20_000, byProvenance: { assumed: 20_000 } }),
    domains: [{ domain: exampleGpu(), totals: exampleDomainTotals() }],
    gaps: [],
    marks: [],
    alerts: [],
    wall: null,
  });
  const text = await exportedText(modelCardExport, [{ report, timeSeries: () => [] }]);
  expect(text).toContain('source: Wattrun 1.2.3, energy by estimates whose inputs are assumed, 400 gCO2e/kWh');
});
