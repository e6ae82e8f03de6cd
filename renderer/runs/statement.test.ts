import { describe, expect, it } from 'vitest';
import { englishSentences, englishWords, statementText } from '../../shared/format/statement.ts';
import { joulesFromKwh } from '../../shared/units.ts';
import views from '../i18n/en/views.json' with { type: 'json' };
import { runDomain, runReport } from './run-fixtures.ts';

const sentences: Readonly<Record<string, string>> = views.run.statement;
const words = (key: string, values: Readonly<Record<string, string>> = {}): string =>
  (sentences[key.split('.').at(-1) ?? ''] ?? key).replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '');
const gpus = [0, 1, 2, 3].map((index) => runDomain({ id: `gpu:${index}`, name: 'H100' }));
const cpu = runDomain({ id: 'cpu:0', kind: 'cpu', name: 'EPYC', splitBy: 'cpu-time' });

it('is said in files with the very words of the page', () => {
  const { title: _title, ...sentencesOfPage } = views.run.statement;
  expect(englishSentences).toEqual(sentencesOfPage);
  const report = runReport({ energy: { domains: [...gpus, cpu] } });
  expect(statementText(report, englishWords, 'en')).toBe(statementText(report, words, 'en'));
});

describe('statementText', () => {
  it('says energy with bounds, time, devices, coverage, factor, PUE, and what is not in it', () => {
    // 41,040 s = 11 h 24 min.
    const report = runReport({ energy: { domains: [...gpus, cpu] } });
    expect(statementText(report, words, 'en')).toBe(
      'Training used 31.7 kWh (31.1 – 32.3) in 11 h 24 min on 4 × H100 and a share of the host; 98.7 % of the time was measured. ' +
        'At 381 g CO₂e/kWh (Germany, 2023) and PUE 1.12 that is 13.5 kg CO₂e. Fans, network and supply losses not included.',
    );
  });

  it('says so where the numbers are made up or the run goes on', () => {
    const report = runReport({ run: { isSimulated: true, status: 'running' }, energy: { domains: [cpu] } });
    expect(statementText(report, words, 'en')).toMatch(
      /^Simulated data\. Training has used .* so far, in .* on EPYC; /,
    );
  });

  it('tells the tenths of a run of seconds', () => {
    const report = runReport({ run: { durationSeconds: 1.83 }, energy: { domains: [cpu] } });
    expect(statementText(report, words, 'en')).toContain(' in 1.8 s on EPYC');
  });

  it('leaves out bounds and emissions that are not known', () => {
    const report = runReport({
      energy: { totalJoules: joulesFromKwh(2), lowJoules: null, highJoules: null },
      emissions: { gramsCO2e: null },
    });
    expect(statementText(report, words, 'en')).toBe(
      'Training used 2.00 kWh in 11 h 24 min; 98.7 % of the time was measured. Fans, network and supply losses not included.',
    );
  });

  it('states nothing where nothing was measured', () => {
    expect(statementText(runReport({ energy: { totalJoules: null } }), words, 'en')).toMatch(/^Nothing was measured/);
  });
});
