import { type Provenance, provenances } from '../../shared/model/domain.ts';
import type { RunReport } from '../../shared/model/run.ts';

export interface RunEvidence {
  readonly provenance: Provenance;
  readonly ratio: number;
  /** Ids of the sources that gave it, by name. */
  readonly sources: string;
}

/** Share of the run's joules by kind of evidence, firmest first, with the sources behind each. */
export function evidenceOf({ energy }: RunReport): readonly RunEvidence[] {
  return provenances
    .map((provenance) => ({
      provenance,
      ratio: energy.evidence[provenance] ?? 0,
      sources: sourcesOf(energy.domains, provenance),
    }))
    .filter((part) => part.ratio > 0);
}

function sourcesOf(domains: RunReport['energy']['domains'], provenance: Provenance): string {
  const sources = domains
    .filter((domain) => domain.provenance === provenance && (domain.runJoules ?? 0) > 0)
    .map((domain) => domain.source);
  return [...new Set(sources)].sort().join(', ');
}
