import type { BoundedEmissions } from '../shared/format/emissions.ts';
import { sciScores } from '../shared/format/sci-scores.ts';
import type { RunReport } from '../shared/model/run.ts';
import { percentFromRatio } from '../shared/units.ts';

type EmissionsText = (emissions: BoundedEmissions) => string;

/** Lines of a run's summary beside its emissions: what they stand on, and what is kept apart from them. Nothing where all is the flat factor. */
export function emissionsDetailLines(
  { emissions }: Pick<RunReport, 'emissions'>,
  emissionsText: EmissionsText,
): readonly (readonly [string, string])[] {
  const { byIntensity, market, embodied, water, sci } = emissions;
  const isOverTime = byIntensity.some((share) => !share.isFallback);
  const shares = byIntensity.map(
    ({ source, energyRatio, intensityGramsCO2ePerKwh, isFallback, isEstimated, kind }) =>
      `${Math.round(percentFromRatio(energyRatio))} % at ${intensityGramsCO2ePerKwh.toFixed(1)} g/kWh by ${source}${isEstimated ? ' (estimated)' : ''}${kind === 'marginal' ? ' (marginal)' : ''}${isFallback ? ' (no reading of the grid)' : ''}`,
  );
  return [
    ...(isOverTime ? shares.map((text): [string, string] => ['', text]) : []),
    ...(market === null
      ? []
      : [
          [
            'By contract',
            `${emissionsText(market)} at ${market.intensityGramsCO2ePerKwh} g/kWh, ${market.source} (market-based)`,
          ] as const,
        ]),
    ...(embodied === null
      ? []
      : [
          [
            'Embodied',
            `${emissionsText({ gramsCO2e: embodied.gramsCO2e, lowGramsCO2e: null, highGramsCO2e: null })} of ${embodied.kilogramsCO2e} kg declared, not in the emissions`,
          ] as const,
        ]),
    ...(water === null
      ? []
      : [
          [
            'Water',
            `${water.liters === null ? '–' : water.liters.toPrecision(3)} L at ${water.litersPerKwh} L/kWh`,
          ] as const,
        ]),
    ...(sci === null || (embodied === null && !hasUnits(sci))
      ? []
      : [['SCI', sciText(sci, emissions, emissionsText)] as const]),
  ];
}

type Emissions = RunReport['emissions'];

const hasUnits = ({ perEpoch, perStep, perSample, perToken }: NonNullable<Emissions['sci']>): boolean =>
  [perEpoch, perStep, perSample, perToken].some((grams) => grams !== null);

function sciText(sci: NonNullable<Emissions['sci']>, emissions: Emissions, emissionsText: EmissionsText): string {
  const rates = sciScores(sci, emissions)
    .map(({ unit, score }) => `${emissionsText(score)} per ${unit}`)
    .join(', ');
  return sci.isEmbodiedIncluded ? rates : `${rates} (no embodied emissions declared)`;
}
