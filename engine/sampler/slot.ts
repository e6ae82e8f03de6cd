import { isQuiet } from '../../shared/model/domain.ts';
import type { SourceReport } from '../../shared/model/sensors.ts';
import type { ProbeResult, Source, SourceContext, SourceDefinition, SourceReading } from '../sources/source.ts';

/** One source, as the sampler keeps it. */
export interface Slot {
  readonly definition: SourceDefinition;
  probe: ProbeResult | null;
  probing: Promise<void> | null;
  /** It was open once: its hardware is there, and it is looked for again soon when it went away. */
  wasOpen: boolean;
  /** When something that failed just now is looked for again. */
  retryAtMs: number;
  retryDelayMs: number;
  source: Source | null;
  /** For as long as the source is open. */
  abort: AbortController;
  inFlightSinceMs: number | null;
  inFlight: Promise<void> | null;
  inbox: SourceReading[];
  failures: number;
  errorCount: number;
  trouble: string | null;
  /** What its readings said in place of values, since so many rounds; null while one has a value. */
  silence: { readonly note: string; readonly rounds: number } | null;
  lastReadUnixMs: number | null;
  readMilliseconds: number | null;
}

/** One bad round among good ones is in the report of what was measured meanwhile. */
const roundsOfTrouble = 2;

/** Why there is nothing of an open source; null while there is. */
const troubleOf = ({ trouble, silence }: Slot): string | null =>
  trouble ?? (silence !== null && silence.rounds >= roundsOfTrouble ? silence.note : null);

/** It answers, with nothing but why it has no value. */
export function noteSilence(slot: Slot, readings: readonly SourceReading[]): void {
  if (readings.length === 0) return;
  const notes = readings.flatMap(({ missing }) => (missing !== null && !isQuiet(missing.reason) ? missing.note : []));
  const note = notes.length < readings.length ? undefined : notes[0];
  if (note !== undefined) slot.errorCount++;
  slot.silence = note === undefined ? null : { note, rounds: (slot.silence?.rounds ?? 0) + 1 };
}

export function reportOf(slot: Slot, isStandIn: boolean, powerOf: (domainId: string) => number | null): SourceReport {
  const { descriptor } = slot.definition;
  const domainIds = slot.source?.domains().map((domain) => domain.id) ?? [];
  const powers = domainIds.map(powerOf).filter((watts) => watts !== null);
  const found = slot.probe;
  const shortfall = slot.source?.shortfall?.() ?? null;
  return {
    id: descriptor.id,
    label: descriptor.label,
    how: found?.kind === 'available' ? found.how : '',
    state: isStandIn && slot.source === null ? 'standby' : stateOf(slot),
    provenance: slot.source?.domains()[0]?.provenance ?? descriptor.provenance,
    domainIds,
    measures: descriptor.measures,
    powerWatts: powers.length === 0 ? null : powers.reduce((sum, watts) => sum + watts, 0),
    reason:
      troubleOf(slot) ??
      shortfall?.reason ??
      (found?.kind === 'unavailable' ? found.reason : found === null && !isStandIn ? 'Not looked for yet.' : null),
    remedies: [...(found?.kind === 'unavailable' ? found.remedies : (shortfall?.remedies ?? []))],
    sameNumberCommand: descriptor.sameNumberCommand,
    lastReadAtMs: slot.lastReadUnixMs,
    readMilliseconds: slot.readMilliseconds,
    errorCount: slot.errorCount,
  };
}

function stateOf(slot: Slot): SourceReport['state'] {
  if (slot.source !== null) return troubleOf(slot) === null ? 'answering' : 'failing';
  if (slot.probe?.kind === 'available') return slot.trouble === null ? 'standby' : 'failing';
  return slot.probe?.kind === 'unavailable' && slot.probe.isMendable ? 'needs-you' : 'absent';
}

/** Sources that are plainly there and have told of no device, without those that another one stands in for. */
export function unreadOf(slots: readonly Slot[], context: SourceContext): { label: string; reason: string }[] {
  const isOf = (slot: Slot, id: string | undefined): boolean => slot.definition.descriptor.id === id;
  const isCovered = (slot: Slot): boolean =>
    slots.some(
      (other) =>
        hasTold(other) &&
        (isOf(other, slot.definition.descriptor.standsInFor) ||
          isOf(slot, other.definition.descriptor.standsInFor) ||
          other === slot),
    );
  return slots.flatMap((slot) => {
    const reason = failureOf(slot, context);
    return reason === null || isCovered(slot) ? [] : [{ label: slot.definition.descriptor.label, reason }];
  });
}

const hasTold = ({ source, wasOpen }: Slot): boolean => (source === null ? wasOpen : source.domains().length > 0);

/** Why there is nothing of a source whose hardware, tool or library is there; null where it is not, or is not to be read now. */
function failureOf({ definition, probe, probing, source }: Slot, context: SourceContext): string | null {
  if (definition.isExpected?.(context) !== true) return null;
  if (probe?.kind === 'unavailable') return probe.isPassing ? probe.reason : null;
  return source !== null || probing !== null ? 'It has not answered yet.' : null;
}
