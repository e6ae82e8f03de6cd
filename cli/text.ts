import { formatExactDuration } from '../shared/format/duration.ts';
import { type BoundedEmissions, formatEmissionsWithBounds } from '../shared/format/emissions.ts';
import { type BoundedEnergy, formatEnergyEnds, formatEnergyWithBounds } from '../shared/format/energy.ts';
import { formatPower } from '../shared/format/power.ts';
import { valueText } from '../shared/format/quantity.ts';
import { formatCoverage } from '../shared/format/ratio.ts';
import { runStateText } from '../shared/format/run-state.ts';
import type { RunWall } from '../shared/model/calibration.ts';
import { placeOf } from '../shared/model/emissions-place.ts';
import type { RunReport } from '../shared/model/run.ts';
import { runMeanWattsOn } from '../shared/model/run-devices.ts';
import { emissionsDetailLines } from './emissions-text.ts';
import { factLines } from './fact-text.ts';
import { gapText } from './gap-text.ts';
import { plainText } from './plain-text.ts';
import { padText, textColumns } from './text-width.ts';

/** A terminal's text is read by people and scripts of any country. */
const locale = 'en-US';

/** Plain spaces, hyphen for minus, 'CO2e': what every terminal and every `grep` knows. */
export const terminalText = (text: string): string =>
  text
    .replaceAll(/[\u00a0\u202f]/g, ' ')
    .replaceAll('\u2212', '-')
    .replaceAll('₂', '2');

/** '31.7 ±0.6 kWh (31.1 – 32.3)': value, band where the bounds lie evenly, and both ends. */
export function energyText(joules: number | null, lowJoules: number | null, highJoules: number | null): string {
  const energy = { joules, lowJoules, highJoules };
  const { value, unit, band } = formatEnergyWithBounds(energy, { locale });
  const ends = formatEnergyEnds(energy, { locale });
  if (unit === null || ends === null) return terminalText(valueText({ value, unit, band }));
  const shown = band?.startsWith('±') ? `${value} ${band}` : value;
  return terminalText(`${shown} ${unit} (${ends.low} – ${ends.high})`);
}

/** '31.7 kWh': the value alone, ended where its band begins. */
export function joulesText(energy: BoundedEnergy): string {
  return terminalText(valueText(formatEnergyWithBounds(energy, { locale })));
}

/** '67.9 W', '4,542 W', '12.4 kW'. */
export function wattsText(watts: number | null): string {
  return terminalText(valueText(formatPower(watts, { locale, style: 'device' })));
}

/** '140 g CO2e', '13.5 kg CO2e': with no more digits than the energy. */
export function emissionsText(emissions: BoundedEmissions): string {
  return terminalText(valueText(formatEmissionsWithBounds(emissions, { locale })));
}

/** Grams of which no band is known. */
export const gramsText = (grams: number | null): string =>
  emissionsText({ gramsCO2e: grams, lowGramsCO2e: null, highGramsCO2e: null });

/** '1.2345', '<0.0001': never 0 for what costs something. */
const amountText = (amount: number): string => (amount > 0 && amount < 0.00005 ? '<0.0001' : amount.toFixed(4));

/** '1.2345 EUR'; '–' without a price. Four decimals: a run on a laptop costs fractions of a cent. */
export function moneyText(cost: RunReport['cost']): string {
  return cost === null || cost.amount === null ? '–' : `${amountText(cost.amount)} ${cost.currency}`;
}

/** '1.8 s', '75 s', '2 min 12 s', '3 h 41 min'. */
export const durationText = (seconds: number): string => terminalText(formatExactDuration(seconds, { locale }));

/** Rows of plain text in columns of equal width; numbers to the right where `right` says so. */
export function tableText(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const plain = rows.map((row) => row.map(plainText));
  const widths = (plain[0] ?? []).map((_, i) => Math.max(...plain.map((row) => textColumns(row[i] ?? ''))));
  return plain
    .map((row) =>
      row
        .map((cell, i) => padText(cell, widths[i] ?? 0, right.includes(i) ? 'before' : 'after'))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** '98.7 %'; '100 %' only when whole. */
const seenText = (coverage: number): string => `${formatCoverage(coverage, { locale })} %`;

/** A plug knows no runs: whatever else the machine did is in it. */
const wallSourceText = ({ isMeasured, meter, coverage }: RunWall): string =>
  `the whole machine, ${isMeasured ? `by the wattmeter ${plainText(meter ?? '')}, ${seenText(coverage)} of the time seen` : 'estimated from its calibration'}`;

/** A mean over time need not have all its digits; a table's figure keeps those it has. */
const rateText = (value: number): string => String(Number(value.toPrecision(6)));

/** What `wattrun run` says at the end, and `wattrun show`. `progress`: lines of its steps and epochs. */
export function summaryText(report: RunReport, progress: readonly string[] = []): string {
  const { run, energy, emissions, cost } = report;
  const priced =
    cost?.amount != null && energy.totalJoules ? { ...cost, amount: cost.amount, joules: energy.totalJoules } : null;
  // At the run's mean price: which hour a device drew in is not kept.
  const costCell = (joules: number | null): string[] =>
    priced === null ? [] : [joules === null ? '–' : amountText((priced.amount * joules) / priced.joules)];
  const costHead = priced === null ? [] : [priced.currency];
  const rows: string[][] = [['Domain', 'Energy of the run', ...costHead, 'Mean', 'Device peak', 'Evidence', 'Seen']];
  for (const domain of energy.domains) {
    rows.push([
      `${domain.label} (${domain.name})`,
      energyText(domain.runJoules, domain.runLowJoules, domain.runHighJoules),
      ...costCell(domain.runJoules),
      wattsText(runMeanWattsOn(domain)),
      wattsText(domain.peakWatts),
      `${domain.provenance}${domain.splitBy === 'assumed' || domain.splitBy === 'equal' ? ', share assumed' : ''}`,
      seenText(domain.coverage),
    ]);
  }
  const year = emissions.intensityYear === null ? '' : ` ${emissions.intensityYear}`;
  const gaps = energy.domains.flatMap((domain) => domain.gaps.map((gap) => `  ${gapText(domain.label, gap)}`));
  const { wall } = energy;
  const label = (word: string): string => word.padEnd(wall === null && emissions.market === null ? 11 : 13);
  return [
    `${plainText(run.name)} ${plainText(runStateText(run))}${run.isSimulated ? ' (simulated)' : ''} · ${run.id} · ${durationText(run.durationSeconds)}`,
    ...interruptedLines(run, label),
    `${label('Energy')}${energyText(energy.totalJoules, energy.lowJoules, energy.highJoules)}, ${seenText(energy.coverage)} of the time seen`,
    ...(report.environment?.unread ?? []).map(
      ({ label: source, reason }) =>
        `${label('Not read')}${plainText(terminalText(`${source}: ${reason} What it measures is in none of these figures.`))}`,
    ),
    `${label('Power')}mean ${wattsText(energy.meanWatts)}, peak ${wattsText(energy.peakWatts)}`,
    `${label('Emissions')}${emissionsText(emissions)} at ${rateText(emissions.intensityGramsCO2ePerKwh)} g/kWh (${plainText(placeOf(emissions))}${year}), PUE ${emissions.pue}`,
    ...emissionsDetailLines(report, emissionsText).map(
      ([word, text]) => `${label(word)}${plainText(terminalText(text))}`,
    ),
    ...(cost === null
      ? []
      : [
          `${label('Cost')}${cost.amount === null ? '–' : amountText(cost.amount)} ${cost.currency} at ${rateText(cost.pricePerKwh)} ${cost.currency}/kWh${(cost.byPrice?.length ?? 0) > 1 ? ' on the average' : ''}`,
        ]),
    ...(wall === null
      ? []
      : [
          `${label('At the wall')}${energyText(wall.joules, wall.lowJoules, wall.highJoules)}, ${wallSourceText(wall)}`,
        ]),
    ...(progress.length === 0 ? [] : ['', ...progress]),
    '',
    tableText(rows, priced === null ? [2, 3, 5] : [2, 3, 4, 6]),
    ...gaps,
    ...factLines(report).map((line) => `  ${plainText(terminalText(line))}`),
  ].join('\n');
}

/** What 'interrupted' means, and what to do about a process that nobody follows any more. */
function interruptedLines({ status, endedAt, foundBy }: RunReport['run'], label: (word: string) => string): string[] {
  if (status !== 'interrupted' || endedAt === null) return [];
  const at = `${endedAt.slice(0, 19).replace('T', ' ')} UTC`;
  const closed = `${label('Ended')}closed at its last sample, ${at}: Wattrun went away before it ended`;
  return foundBy === 'manual'
    ? [closed, `${label('')}where its process goes on, as a new run: wattrun start --pid PID`]
    : [closed];
}
