import type { SciScore } from '../../shared/model/carbon.ts';

/** How far a run came: R of the SCI by its kinds; null where it was not told. */
export interface ProgressCounts {
  readonly epochs: number | null;
  readonly steps: number | null;
  readonly samples: number | null;
  readonly tokens: number | null;
}

export const noProgress: ProgressCounts = { epochs: null, steps: null, samples: null, tokens: null };

/**
 * Software Carbon Intensity (ISO/IEC 21031:2024; Green Software Foundation, SCI 1.1): ((E × I) + M) per R, in grams of CO2e. `operationalGrams` is
 * E × I, location-based as the standard wants it; `embodiedGrams` null: nothing was declared, M is 0 and the score says so.
 */
export function sciScore(input: {
  readonly operationalGrams: number | null;
  readonly embodiedGrams: number | null;
  readonly progress: ProgressCounts;
}): SciScore {
  const { operationalGrams, embodiedGrams, progress } = input;
  const total = operationalGrams === null ? null : operationalGrams + (embodiedGrams ?? 0);
  const per = (count: number | null): number | null =>
    total === null || count === null || count <= 0 ? null : total / count;
  return {
    isEmbodiedIncluded: embodiedGrams !== null,
    perRun: total,
    perEpoch: per(progress.epochs),
    perStep: per(progress.steps),
    perSample: per(progress.samples),
    perToken: per(progress.tokens),
  };
}
