import { describe, expect, it } from 'vitest';
import { parseIntensityCsv } from './intensity-csv.ts';

const nowMs = Date.UTC(2026, 0, 15, 12, 10);
const read = (text: string) => parseIntensityCsv(text, { nowMs, fileName: 'grid.csv' });
const points = (text: string) => {
  const reading = read(text);
  return reading.kind === 'points' ? reading.points : reading.problem.message;
};

describe('a file of intensities', () => {
  it('has a time and a number in each row, and lasts up to the next', () => {
    const found = points('from,gco2e_per_kwh\n2026-01-15T10:00Z,300\n2026-01-15T11:00Z,250.5\n');
    expect(found).toMatchObject([
      {
        fromMs: Date.UTC(2026, 0, 15, 10),
        toMs: Date.UTC(2026, 0, 15, 11),
        gramsCO2ePerKwh: 300,
        source: 'file grid.csv',
      },
      { fromMs: Date.UTC(2026, 0, 15, 11), toMs: Date.UTC(2026, 0, 15, 12), gramsCO2ePerKwh: 250.5, kind: 'average' },
    ]);
  });

  it('may say ends, kind and what is estimated, in any order, with BOM, semicolons and decimal commas', () => {
    const text =
      '\uFEFFkind;gCO2e per kWh;to;from;estimated\nmarginal;512,5;2026-01-15T10:30:00+01:00;2026-01-15 10:00:00+01:00;true\n';
    expect(points(text)).toMatchObject([
      {
        fromMs: Date.UTC(2026, 0, 15, 9),
        toMs: Date.UTC(2026, 0, 15, 9, 30),
        gramsCO2ePerKwh: 512.5,
        kind: 'marginal',
        isEstimated: true,
      },
    ]);
  });

  it('may be a download of Electricity Maps: the life cycle before what leaves the chimney', () => {
    const text =
      'Datetime (UTC),Country,Zone name,Zone id,Carbon intensity gCO₂eq/kWh (direct),Carbon intensity gCO₂eq/kWh (Life cycle)\n' +
      '2026-01-15 10:00:00,Germany,Germany,DE,310,355\n2026-01-15 11:00:00,Germany,Germany,DE,300,345\n';
    expect(points(text)).toMatchObject([
      { fromMs: Date.UTC(2026, 0, 15, 10), gramsCO2ePerKwh: 355 },
      { gramsCO2ePerKwh: 345 },
    ]);
  });

  it('tells nothing of hours that have not begun', () => {
    expect(
      points('from,gco2e_per_kwh\n2026-01-15T11:00Z,300\n2026-01-15T12:00Z,301\n2026-01-15T13:00Z,302\n'),
    ).toHaveLength(2);
  });

  it.each([
    ['', 'columns'],
    ['a,b\n1,2\n', 'columns'],
    ['from,gco2e_per_kwh\nyesterday,300\n', 'Line 2'],
    ['from,gco2e_per_kwh\n2026-01-15T10:00Z,300\n2026-01-15T11:00Z,n/a\n', 'Line 3'],
    ['from,gco2e_per_kwh\n2026-01-15T10:00Z,99999\n', 'no grid'],
    ['from,gco2e_per_kwh\n2026-01-15T10:00Z,\n', 'Line 2'],
    ['from,gco2e_per_kwh,kind\n2026-01-15T10:00Z,1,average\n2026-01-15T11:00Z,1,marginal\n', 'mixes'],
    [
      'from,to,gco2e_per_kwh\n2026-01-15T10:00Z,2026-01-15T12:00Z,1\n2026-01-15T11:00Z,2026-01-15T12:00Z,1\n',
      'overlap, at 2026-01-15T11:00:00.000Z',
    ],
    ['from,gco2e_per_kwh\n', 'no data'],
  ])('is refused with a reason: %j', (text, reason) => {
    expect(String(points(text))).toContain(reason);
  });
});
