import { formatEnergyRange, formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { quantityText, valueText } from '../../shared/format/quantity.ts';
import { formatCoverage, percentText } from '../../shared/format/ratio.ts';
import type { RunReport } from '../../shared/model/run.ts';

type Words = (key: string, values: Readonly<Record<string, string>>) => string;

/** 'llama3-8b-sft: 31.7 kWh ±0.6, 31.1 – 32.3, 100 % of the time seen': what has to stand beside any chart of a run. */
export function energyLine({ run, energy }: RunReport, words: Words, locale: string): string {
  const bounded = { joules: energy.totalJoules, lowJoules: energy.lowJoules, highJoules: energy.highJoules };
  const quantity = formatEnergyWithBounds(bounded, { locale });
  const range = formatEnergyRange(bounded, { locale });
  const seen = words('charts:picture.seen', { share: percentText(formatCoverage(energy.coverage, { locale })) });
  const value = range === null ? quantityText(quantity) : `${valueText(quantity)} (${range})`;
  return [`${run.name}: ${value}`, seen].join(', ');
}
