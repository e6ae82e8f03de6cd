import { placeOf } from '../model/emissions-place.ts';
import type { RunReport } from '../model/run.ts';
import { deviceWords, hasHostShare, hasMeter } from '../model/run-devices.ts';
import { formatDuration } from './duration.ts';
import { formatEmissionsWithBounds } from './emissions.ts';
import { formatEnergyRange, formatEnergyWithBounds } from './energy.ts';
import { formatNumber } from './number-text.ts';
import { valueText } from './quantity.ts';
import { formatCoverage } from './ratio.ts';

/** Words by their key, with names filled in: the UI's, in its language, or `englishWords`. */
export type StatementWords = (key: string, values?: Readonly<Record<string, string>>) => string;

/** What papers and files say; the UI's English words are the same. */
export const englishSentences = {
  nothing: 'Nothing was measured in this run, so there is nothing to state.',
  simulated: 'Simulated data.',
  energy: 'Training used {{energy}} in {{duration}}{{on}}; {{coverage}} % of the time was measured.',
  soFar: 'Training has used {{energy}} so far, in {{duration}}{{on}}; {{coverage}} % of the time was measured.',
  on: ' on {{devices}}',
  host: ' and a share of the host',
  emissions: 'At {{intensity}} g CO₂e/kWh ({{place}}) and PUE {{pue}} that is {{emissions}}.',
  imported:
    'Training used {{energy}} in {{duration}}{{on}} by CodeCarbon’s own account; how much of the time was measured is not known.',
  not: 'Fans, network and supply losses not included.',
} as const;

export const englishWords: StatementWords = (key, values = {}) => {
  const sentences: Readonly<Record<string, string>> = englishSentences;
  const name = key.split('.').at(-1) ?? key;
  return (sentences[name] ?? key).replaceAll(/\{\{(\w+)\}\}/g, (_, word: string) => values[word] ?? '');
};

/**
 * The run's energy in sentences that a paper can take as they are: energy with its bounds, time and devices, how much of the
 * time was measured, the factor and PUE the emissions stand on, and what is not in it. Plain spaces, so that it can be pasted.
 */
export function statementText(report: RunReport, words: StatementWords, locale: string): string {
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

function energySentence({ run, energy }: RunReport, words: StatementWords, locale: string): string {
  const bounds = { joules: energy.totalJoules, lowJoules: energy.lowJoules, highJoules: energy.highJoules };
  const value = valueText(formatEnergyWithBounds(bounds, { locale }));
  const range = formatEnergyRange(bounds, { locale });
  const where = deviceWords(energy.domains);
  const host = hasHostShare(energy.domains) ? words('run.statement.host') : '';
  return words(`run.statement.${kindOf(run)}`, {
    energy: range === null ? value : `${value} (${range})`,
    duration: formatDuration(run.durationSeconds, { locale }),
    on: where === null ? '' : words('run.statement.on', { devices: `${where}${host}` }),
    coverage: formatCoverage(energy.coverage, { locale }),
  });
}

function kindOf({ status, foundBy }: RunReport['run']): 'imported' | 'soFar' | 'energy' {
  const isImported = foundBy === 'import';
  if (isImported) return 'imported';
  return status === 'running' ? 'soFar' : 'energy';
}

function emissionsSentence({ emissions }: RunReport, words: StatementWords, locale: string): string {
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
