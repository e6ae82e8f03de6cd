import { expect, it } from 'vitest';
import { evidenceOf } from './run-evidence.ts';
import { runDomain, runReport } from './run-fixtures.ts';

it('gives shares firmest first, each with the sources behind it', () => {
  const report = runReport({
    energy: {
      evidence: { model: 0.02, counter: 0.98 },
      domains: [
        runDomain({ source: 'rapl', id: 'cpu:0' }),
        runDomain({ source: 'nvml' }),
        runDomain({ source: 'nvml', id: 'gpu:1' }),
        runDomain({ source: 'memory-model', provenance: 'model', id: 'dram:0' }),
      ],
    },
  });
  expect(evidenceOf(report)).toEqual([
    { provenance: 'counter', ratio: 0.98, sources: 'nvml, rapl' },
    { provenance: 'model', ratio: 0.02, sources: 'memory-model' },
  ]);
});
