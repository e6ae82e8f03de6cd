import type { SciScore } from '../model/carbon.ts';
import type { BoundedEmissions } from './emissions.ts';

export interface SciUnitScore {
  readonly unit: 'run' | 'epoch' | 'step' | 'sample' | 'token';
  readonly score: BoundedEmissions;
}

/** A run's SCI scores that are known, with the band of its emissions: embodied ones are declared and add none. */
export function sciScores(sci: SciScore, emissions: BoundedEmissions): readonly SciUnitScore[] {
  const { gramsCO2e, lowGramsCO2e, highGramsCO2e } = emissions;
  const bound = (grams: number, endGrams: number | null): number | null =>
    endGrams === null || gramsCO2e === null || sci.perRun === null || sci.perRun === 0
      ? null
      : grams + (endGrams - gramsCO2e) * (grams / sci.perRun);
  const known = (unit: SciUnitScore['unit'], grams: number | null): readonly SciUnitScore[] =>
    grams === null
      ? []
      : [
          {
            unit,
            score: {
              gramsCO2e: grams,
              lowGramsCO2e: bound(grams, lowGramsCO2e),
              highGramsCO2e: bound(grams, highGramsCO2e),
            },
          },
        ];
  return [
    ...known('run', sci.perRun),
    ...known('epoch', sci.perEpoch),
    ...known('step', sci.perStep),
    ...known('sample', sci.perSample),
    ...known('token', sci.perToken),
  ];
}
