import { type DomainKind, isSummed, type Provenance, provenances } from '../../shared/model/domain.ts';
import type { LiveState } from '../../shared/model/live.ts';

export interface StandPart {
  readonly kind: DomainKind;
  readonly provenance: Provenance;
  readonly powerWatts: number;
  /** Of the machine's power. */
  readonly ratio: number;
}

/** The machine's power by kind of device and of evidence, firmest and largest first. Only what is in the machine's sum. */
export function standParts(devices: LiveState['devices']): readonly StandPart[] {
  const sums = new Map<string, { kind: DomainKind; provenance: Provenance; powerWatts: number }>();
  for (const { domain, provenance, powerWatts } of devices) {
    if (powerWatts === null || powerWatts <= 0 || !isSummed(domain.kind)) continue;
    const key = `${domain.kind}/${provenance}`;
    const before = sums.get(key)?.powerWatts ?? 0;
    sums.set(key, { kind: domain.kind, provenance, powerWatts: before + powerWatts });
  }
  const total = [...sums.values()].reduce((sum, part) => sum + part.powerWatts, 0);
  const rank = (part: { provenance: Provenance }): number => provenances.indexOf(part.provenance);
  return [...sums.values()]
    .map((part) => ({ ...part, ratio: part.powerWatts / total }))
    .sort((a, b) => rank(a) - rank(b) || b.powerWatts - a.powerWatts);
}
