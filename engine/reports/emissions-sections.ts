import type { RunReport } from '../../shared/model/run.ts';
import type { Block } from './document.ts';
import { emissionsText, energyText, gramsText, moneyText, numberText, percentText } from './report-figures.ts';

type Rows = Extract<Block, { kind: 'facts' }>['rows'];
type Emissions = RunReport['emissions'];

/** What stands beside a run's emissions and is never in their sum: the contract's factor, embodied emissions, water, the SCI score. */
export function besideEmissions({ market, embodied, water, sci }: Emissions): Rows {
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
    ['SCI score', sci === null ? '' : sciText(sci)],
  ];
}

function sciText(sci: NonNullable<Emissions['sci']>): string {
  const per = (
    [
      [sci.perRun, 'run'],
      [sci.perEpoch, 'epoch'],
      [sci.perStep, 'step'],
      [sci.perSample, 'sample'],
      [sci.perToken, 'token'],
    ] as const
  ).flatMap(([grams, unit]) => (grams === null ? [] : [`${Number(grams.toPrecision(3))} g CO₂e per ${unit}`]));
  return per.length === 0
    ? ''
    : `${per.join(', ')}; ${sci.isEmbodiedIncluded ? 'with the embodied share' : 'no embodied emissions are declared'}`;
}

/** Energy by what it emitted and by what it was paid with, where either changed over the run. */
export function sharesOverTime({ emissions, cost }: RunReport): readonly Block[] {
  const isOverTime = emissions.byIntensity.some((share) => !share.isFallback);
  const byPrice = cost?.byPrice ?? [];
  const energy = (joules: number): string => energyText({ joules, lowJoules: null, highJoules: null });
  return [
    ...(isOverTime
      ? [
          {
            kind: 'table',
            head: ['Intensity by', 'Share', 'Energy', 'Mean, g CO₂e/kWh', 'Emissions'],
            rows: emissions.byIntensity.map((share) => [
              `${share.source} (${share.kind}${share.isEstimated ? ', estimated' : ''}${share.isFallback ? ', no reading of the grid' : ''})`,
              percentText(share.energyRatio, 1),
              energy(share.joules),
              numberText(share.intensityGramsCO2ePerKwh, 1),
              gramsText(share.gramsCO2e),
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
              energy(share.joules),
              moneyText(share.amount, cost.currency),
            ]),
            right: [1, 2, 3, 4],
          } as const,
        ]),
  ];
}
