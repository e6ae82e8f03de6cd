import { z } from 'zod';
import type { HeldBackReason, HeldBackSeconds } from '../../shared/model/health.ts';
import { secondsFromMs } from '../../shared/units.ts';
import { learnIdle } from '../attribution/idle-baseline.ts';
import type { Stretch } from '../energy/stretch.ts';
import { isComputing, type LearnedFacts, type SourceReading } from '../sources/source.ts';
import type { DomainState } from './domain-state.ts';

const reasonOfThrottle: Readonly<Record<string, HeldBackReason>> = {
  'power cap': 'power-cap',
  heat: 'heat',
  'heat (hardware)': 'heat',
  'hardware slowdown': 'hardware-slowdown',
  'power brake': 'hardware-slowdown',
};

/** Seconds held back between two readings: by the driver's counters; where it has none, by the reasons that both readings name. */
export function heldBackBetween(before: SourceReading | null, reading: SourceReading): Partial<HeldBackSeconds> {
  if (before === null || before.missing !== null || reading.missing !== null) return {};
  // A counter is dated back by half of its age: the reading after an edge's may be of an earlier moment.
  const elapsedSeconds = Math.max(0, secondsFromMs(reading.atMs - before.atMs));
  const counted = reading.heldBackSeconds;
  const countedBefore = before.heldBackSeconds;
  if (counted !== null && countedBefore !== null) {
    const since = (reason: HeldBackReason): number =>
      Math.min(elapsedSeconds, Math.max(0, counted[reason] - countedBefore[reason]));
    return { 'power-cap': since('power-cap'), heat: since('heat'), 'hardware-slowdown': since('hardware-slowdown') };
  }
  const held: Partial<Record<HeldBackReason, number>> = {};
  for (const name of reading.throttleReasons) {
    const reason = reasonOfThrottle[name];
    if (reason !== undefined && before.throttleReasons.includes(name)) held[reason] = elapsedSeconds;
  }
  return held;
}

const learnedIdleSchema = z.object({ idleWatts: z.number().nonnegative() });
const learnedKey = (domainId: string): string => `idle:${domainId}`;
/** A change smaller than this is not worth a write. */
const worthKeepingRatio = 0.02;

/** What an earlier engine learned of the domain's idle draw. */
export function recallIdle(state: DomainState, learned: LearnedFacts): void {
  const parsed = learnedIdleSchema.safeParse(learned.read(learnedKey(state.domain.id)));
  if (parsed.success) state.idle = { ...state.idle, idleWatts: parsed.data.idleWatts };
}

/** A CPU below this load does nothing but its housekeeping. */
const idleLoadRatio = 0.05;

function isIdle(state: DomainState, reading: SourceReading, loadRatio: number | null): boolean {
  if (state.domain.kind === 'cpu' || state.domain.kind === 'platform')
    return loadRatio !== null && loadRatio < idleLoadRatio;
  const areNone = state.lists.every(({ processes }) => processes?.some(isComputing) === false);
  return state.domain.kind === 'gpu' && areNone && (reading.utilizationRatio ?? 0) === 0;
}

/** Learns the domain's idle draw from a stretch, and keeps what changed. */
export function learnIdleFrom(
  state: DomainState,
  { joules, seconds }: Stretch,
  facts: { readonly loadRatio: number | null; readonly learned: LearnedFacts },
): void {
  const { reading } = state;
  if (reading === null || seconds <= 0) return;
  const before = state.idle.idleWatts;
  const watts = joules / seconds;
  state.idle = learnIdle(state.idle, { watts, seconds, isIdle: isIdle(state, reading, facts.loadRatio) });
  const { idleWatts } = state.idle;
  if (idleWatts === null || idleWatts === before) return;
  const isNews = before === null || Math.abs(idleWatts - before) > before * worthKeepingRatio;
  if (isNews) facts.learned.write(learnedKey(state.domain.id), { idleWatts });
}
