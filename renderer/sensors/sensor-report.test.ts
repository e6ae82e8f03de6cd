import { expect, it } from 'vitest';
import { sensorReportText } from './sensor-report.ts';

it('says all that is known of a source and leaves out what is not', () => {
  const text = sensorReportText(null, [
    {
      id: 'rapl',
      label: 'RAPL packages',
      how: '/sys/class/powercap',
      state: 'needs-you',
      provenance: null,
      domainIds: [],
      measures: 'CPU package',
      powerWatts: null,
      reason: 'Only root may read it.',
      remedies: [{ command: 'sudo chmod a+r energy_uj', effect: 'until the next restart' }],
      sameNumberCommand: 'cat energy_uj',
      lastReadAtMs: null,
      readMilliseconds: null,
      errorCount: 0,
    },
  ]);
  expect(text.trim().split('\n')).toEqual([
    'RAPL packages (rapl): needs-you',
    '  how: /sys/class/powercap',
    '  measures: CPU package',
    '  reason: Only root may read it.',
    '  same number: cat energy_uj',
    '  remedy: sudo chmod a+r energy_uj (until the next restart)',
  ]);
});
