import { formatDuration } from '../../shared/format/duration.ts';
import { formatEmissionsWithBounds } from '../../shared/format/emissions.ts';
import { formatEnergyRange, formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatNumber } from '../../shared/format/number-text.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { formatCoverage } from '../../shared/format/ratio.ts';
import { placeOf } from '../../shared/model/emissions-place.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { deviceWords, hasHostShare, hasMeter } from './run-devices.ts';

type Words = (key: string, values?: Readonly<Record<string, string>>) => string;

/**
 * The run's energy in sentences that a paper can take as they are: energy with its bounds, time and devices, how much of the
 * time was measured, the factor and PUE the emissions stand on, and what is not in it. Plain spaces, so that it can be pasted.
 */
export function statementText(report: RunReport, words: Words, locale: string): string {
  const { run, energy, emissions } = report;
  if (energy.totalJoules === null) return words('run.statement.nothing');
  const sentences = [
    run.isSimulated ? words('run.statement.simulated') : null,
    energySentence(report, words, locale),
    emissions.gramsCO2e === null ? null : emissionsSentence(report, words, locale),
    hasMeter(energy.domains) ? null : words('run.statement.not'),
  ];
  return plainSpaces(sentences.filter((sentence) => sentence !== null).join(' '));
}

function energySentence({ run, energy }: RunReport, words: Words, locale: string): string {
  const bounds = { joules: energy.totalJoules, lowJoules: energy.lowJoules, highJoules: energy.highJoules };
  const value = valueText(formatEnergyWithBounds(bounds, { locale }));
  const range = formatEnergyRange(bounds, { locale });
  const where = deviceWords(energy.domains);
  const host = hasHostShare(energy.domains) ? words('run.statement.host') : '';
  return words(run.status === 'running' ? 'run.statement.soFar' : 'run.statement.energy', {
    energy: range === null ? value : `${value} (${range})`,
    duration: formatDuration(run.durationSeconds, { locale }),
    on: where === null ? '' : words('run.statement.on', { devices: `${where}${host}` }),
    coverage: formatCoverage(energy.coverage, { locale }),
  });
}

function emissionsSentence({ emissions }: RunReport, words: Words, locale: string): string {
  const { intensityGramsCO2ePerKwh: intensity, intensityYear, pue } = emissions;
  return words('run.statement.emissions', {
    intensity: formatNumber(intensity, intensity >= 100 || Number.isInteger(intensity) ? 0 : 1, locale),
    place: intensityYear === null ? placeOf(emissions) : `${placeOf(emissions)}, ${intensityYear}`,
    pue: formatNumber(pue, Number.isInteger(pue) ? 0 : 2, locale),
    emissions: valueText(formatEmissionsWithBounds(emissions, { locale })),
  });
}

function plainSpaces(text: string): string {
  return text.replaceAll(/[\u00a0\u202f]/g, ' ');
}
