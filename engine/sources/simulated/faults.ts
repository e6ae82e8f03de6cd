import type { SourceReading } from '../source.ts';
import { type FaultKind, isOn, type SimulatedFault } from './machine-config.ts';

/** The fault of a domain at a moment, if there is one. */
export const faultOf = (
  faults: readonly SimulatedFault[],
  at: { readonly domainId: string; readonly seconds: number; readonly kinds: readonly FaultKind[] },
): SimulatedFault | undefined =>
  faults.find(
    (fault) =>
      at.kinds.includes(fault.kind) &&
      (fault.domainId === null || fault.domainId === at.domainId) &&
      isOn(fault, at.seconds),
  );

/** When a hang that is on at that moment ends, in the simulation's seconds; null: there is none. */
export function hangEndSeconds(faults: readonly SimulatedFault[], seconds: number): number | null {
  const ends = faults.filter((fault) => fault.kind === 'hang' && isOn(fault, seconds)).map((fault) => fault.toSeconds);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** In the order of time. */
export const resetsOf = (faults: readonly SimulatedFault[], domainId: string): readonly number[] =>
  faults
    .filter((fault) => fault.kind === 'counter-reset' && (fault.domainId === null || fault.domainId === domainId))
    .map((fault) => fault.fromSeconds)
    .sort((a, b) => a - b);

const usualNotes = {
  lost: 'GPU is lost.',
  'failed-read': 'The read failed.',
} as const;

/** What a reading says in place of every value; null: values are read. */
export function missingBy(fault: SimulatedFault | undefined): SourceReading['missing'] {
  if (fault?.kind === 'lost') return { reason: 'lost', note: fault.note ?? usualNotes.lost };
  if (fault?.kind === 'failed-read') return { reason: 'failed', note: fault.note ?? usualNotes['failed-read'] };
  return null;
}
