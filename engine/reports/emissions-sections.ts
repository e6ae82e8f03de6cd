import { emissionsLike } from '../../shared/format/emissions.ts';
import { sciScores } from '../../shared/format/sci-scores.ts';
import type { RunReport } from '../../shared/model/run.ts';
import type { Block } from './document.ts';
import { emissionsText, gramsText, moneyText, numberText, partOfEnergyText, percentText } from './report-figures.ts';

type Rows = Extract<Block, { kind: 'facts' }>['rows'];
type Emissions = RunReport['emissions'];

/** What stands beside a run's emissions and is never in their sum: the contract's factor, embodied emissions, water, the SCI score. */
export function besideEmissions(emissions: Emissions): Rows {
  const { market, embodied, water, sci } = emissions;
  return [
    [
      'By contract (market-based)',
      market === null
        ? ''
        : `${emissionsText(market)} at ${market.intensityGramsCO2ePerKwh} g CO₂e/kWh${market.source === '' ? '' : `, ${market.source}`}`,
    ],
    [
      'Embodied, not in the emissions',
      embodied === null
        ? ''
        : `${gramsText(embodied.gramsCO2e)} of ${numberText(embodied.kilogramsCO2e)} kg CO₂e declared`,
    ],
    [
      'Water',
      water === null
        ? ''
        : `${water.liters === null ? '–' : Number(water.liters.toPrecision(3))} L at ${water.litersPerKwh} L/kWh`,
    ],
    ['SCI score', sci === null ? '' : sciText(sci, emissions)],
  ];
}

function sciText(sci: NonNullable<Emissions['sci']>, emissions: Emissions): string {
  const per = sciScores(sci, emissions).map(({ unit, score }) => `${emissionsText(score)} per ${unit}`);
  return per.length === 0
    ? ''
    : `${per.join(', ')}; ${sci.isEmbodiedIncluded ? 'with the embodied share' : 'no embodied emissions are declared'}`;
}

/** Energy by what it emitted and by what it was paid with, where either changed over the run. */
export function sharesOverTime({ energy, emissions, cost }: RunReport): readonly Block[] {
  const isOverTime = emissions.byIntensity.some((share) => !share.isFallback);
  const byPrice = cost?.byPrice ?? [];
  const whole = { joules: energy.totalJoules, lowJoules: energy.lowJoules, highJoules: energy.highJoules };
  const partText = (joules: number): string => partOfEnergyText(joules, whole);
  return [
    ...(isOverTime
      ? [
          {
            kind: 'table',
            head: ['Intensity by', 'Share', 'Energy', 'Mean, g CO₂e/kWh', 'Emissions'],
            rows: emissions.byIntensity.map((share) => [
              `${share.source} (${share.kind}${share.isEstimated ? ', estimated' : ''}${share.isFallback ? ', no reading of the grid' : ''})`,
              percentText(share.energyRatio, 1),
              partText(share.joules),
              numberText(share.intensityGramsCO2ePerKwh, 1),
              emissionsText(emissionsLike(share.gramsCO2e, emissions)),
            ]),
            right: [1, 2, 3, 4],
          } as const,
        ]
      : []),
    ...(cost === null || byPrice.length === 0
      ? []
      : [
          {
            kind: 'table',
            head: ['Price', `${cost.currency}/kWh`, 'Share', 'Energy', 'Cost'],
            rows: byPrice.map((share) => [
              share.label === '' ? 'outside bands' : share.label,
              `${share.pricePerKwh}`,
              percentText(share.energyRatio, 1),
              partText(share.joules),
              moneyText(share.amount, cost.currency),
            ]),
            right: [1, 2, 3, 4],
          } as const,
        ]),
  ];
}
