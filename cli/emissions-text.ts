import type { RunReport } from '../shared/model/run.ts';
import { percentFromRatio } from '../shared/units.ts';

type GramsText = (grams: number | null) => string;

/** Lines of a run's summary beside its emissions: what they stand on, and what is kept apart from them. Nothing where all is the flat factor. */
export function emissionsDetailLines(
  { emissions }: Pick<RunReport, 'emissions'>,
  gramsText: GramsText,
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
            `${gramsText(market.gramsCO2e)} at ${market.intensityGramsCO2ePerKwh} g/kWh, ${market.source} (market-based)`,
          ] as const,
        ]),
    ...(embodied === null
      ? []
      : [
          [
            'Embodied',
            `${gramsText(embodied.gramsCO2e)} of ${embodied.kilogramsCO2e} kg declared, not in the emissions`,
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
    ...(sci === null || (embodied === null && !hasUnits(sci)) ? [] : [['SCI', sciText(sci, gramsText)] as const]),
  ];
}

const hasUnits = ({ perEpoch, perStep, perSample, perToken }: NonNullable<RunReport['emissions']['sci']>): boolean =>
  [perEpoch, perStep, perSample, perToken].some((grams) => grams !== null);

function sciText(sci: NonNullable<RunReport['emissions']['sci']>, gramsText: GramsText): string {
  const per = (grams: number | null, unit: string): string[] =>
    grams === null ? [] : [`${gramsText(grams)} per ${unit}`];
  const rates = [
    ...per(sci.perRun, 'run'),
    ...per(sci.perEpoch, 'epoch'),
    ...per(sci.perStep, 'step'),
    ...per(sci.perSample, 'sample'),
    ...per(sci.perToken, 'token'),
  ].join(', ');
  return sci.isEmbodiedIncluded ? rates : `${rates} (no embodied emissions declared)`;
}
