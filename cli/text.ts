import type { RunReport } from '../shared/model/run.ts';
import { kwhFromJoules, wattHoursFromJoules } from '../shared/units.ts';

/** Rounds to the place where the band's first digit stands (two if it begins with 1); three digits where no band is known. */
function rounded(value: number, band: number | null): { readonly value: string; readonly band: string | null } {
  if (band === null || !(band > 0)) return { value: Number(value.toPrecision(3)).toString(), band: null };
  const exponent = Math.floor(Math.log10(band));
  const leading = band / 10 ** exponent;
  const place = exponent - (leading < 2 ? 1 : 0);
  const decimals = Math.max(0, -place);
  const step = 10 ** place;
  return {
    value: (Math.round(value / step) * step).toFixed(decimals),
    band: (Math.ceil(band / step - 1e-9) * step).toFixed(decimals),
  };
}

interface EnergyUnit {
  readonly name: string;
  readonly from: (joules: number) => number;
}
const joulesUnit: EnergyUnit = { name: 'J', from: (joules) => joules };
const wattHoursUnit: EnergyUnit = { name: 'Wh', from: wattHoursFromJoules };
const kwhUnit: EnergyUnit = { name: 'kWh', from: kwhFromJoules };

function energyUnit(joules: number): EnergyUnit {
  if (kwhFromJoules(joules) >= 0.1) return kwhUnit;
  return wattHoursFromJoules(joules) >= 0.1 ? wattHoursUnit : joulesUnit;
}

/** '31.7 ±0.6 kWh (31.1 – 32.3)': value, band where the bounds lie evenly, and both ends. */
export function energyText(joules: number | null, lowJoules: number | null, highJoules: number | null): string {
  if (joules === null || lowJoules === null || highJoules === null) return '–';
  const unit = energyUnit(joules);
  const below = unit.from(joules - lowJoules);
  const above = unit.from(highJoules - joules);
  const band = Math.max(below, above);
  const main = rounded(unit.from(joules), band);
  const [low, high] = [rounded(unit.from(lowJoules), band).value, rounded(unit.from(highJoules), band).value];
  const isEven = Math.abs(above - below) <= 0.2 * band;
  return isEven && main.band !== null
    ? `${main.value} ±${main.band} ${unit.name} (${low} – ${high})`
    : `${main.value} ${unit.name} (${low} – ${high})`;
}

export function wattsText(watts: number | null): string {
  if (watts === null) return '–';
  return `${watts < 100 ? watts.toFixed(1) : Math.round(watts).toLocaleString('en-US')} W`;
}

export function gramsText(grams: number | null): string {
  if (grams === null) return '–';
  if (grams >= 1_000_000) return `${(grams / 1_000_000).toPrecision(3)} t CO2e`;
  if (grams >= 1000) return `${(grams / 1000).toPrecision(3)} kg CO2e`;
  return `${Number(grams.toPrecision(3))} g CO2e`;
}

export function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Rows in columns of equal width; numbers to the right where `right` says so. */
export function tableText(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Nothing that a name holds may move the cursor or colour the terminal. */
export const plainText = (text: string): string => text.replace(/\p{Cc}/gu, '?');

/** What `wattrun run` says at the end, and `wattrun show`. */
export function summaryText(report: RunReport): string {
  const { run, energy, emissions, cost } = report;
  const rows: string[][] = [['Domain', 'Energy of the run', 'Mean', 'Peak', 'Evidence', 'Seen']];
  for (const domain of energy.domains) {
    rows.push([
      plainText(`${domain.label} (${domain.name})`),
      energyText(domain.runJoules, domain.runLowJoules, domain.runHighJoules),
      wattsText(domain.meanWatts),
      wattsText(domain.peakWatts),
      `${domain.provenance}${domain.splitBy === 'assumed' || domain.splitBy === 'equal' ? ', share assumed' : ''}`,
      `${(domain.coverage * 100).toFixed(domain.coverage === 1 ? 0 : 1)} %`,
    ]);
  }
  const year = emissions.intensityYear === null ? '' : ` ${emissions.intensityYear}`;
  const gaps = energy.domains.flatMap((domain) =>
    domain.gaps.map((gap) => `  no reading of ${domain.label} from ${gap.from} to ${gap.to}: ${gap.reason}`),
  );
  return [
    `${plainText(run.name)} ${run.status}${run.isSimulated ? ' (simulated)' : ''} · ${run.id} · ${durationText(run.durationSeconds)}`,
    `Energy     ${energyText(energy.totalJoules, energy.lowJoules, energy.highJoules)}, ${(energy.coverage * 100).toFixed(1)} % of the time seen`,
    `Power      mean ${wattsText(energy.meanWatts)}, peak ${wattsText(energy.peakWatts)}`,
    `Emissions  ${gramsText(emissions.gramsCO2e)} at ${emissions.intensityGramsCO2ePerKwh} g/kWh (${emissions.regionName}${year}), PUE ${emissions.pue}`,
    ...(cost === null
      ? []
      : [
          `Cost       ${cost.amount === null ? '–' : cost.amount.toFixed(4)} ${cost.currency} at ${cost.pricePerKwh} ${cost.currency}/kWh`,
        ]),
    '',
    tableText(rows, [2, 3, 5]),
    ...gaps,
  ].join('\n');
}
