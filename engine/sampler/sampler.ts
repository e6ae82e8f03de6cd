import { WattrunError } from '../../shared/contract/errors.ts';
import type { Domain, GapReason } from '../../shared/model/domain.ts';
import type { SourceReport } from '../../shared/model/sensors.ts';
import { msFromSeconds } from '../../shared/units.ts';
import {
  type Coverage,
  type GpuDriver,
  type ProbeResult,
  type ReadOptions,
  type Source,
  type SourceContext,
  type SourceDefinition,
  type SourceReading,
  unknownValues,
} from '../sources/source.ts';
import { withTimeout } from '../sources/with-timeout.ts';
import { noteSilence, reportOf, type Slot, unreadOf } from './slot.ts';

export interface SamplerOptions {
  /** By preference: of two that can measure the same part, the first speaks. */
  readonly definitions: readonly SourceDefinition[];
  readonly context: SourceContext;
  readonly onReadings: (readings: readonly SourceReading[]) => void;
  readonly onSourcesChanged: () => void;
}

export interface Round {
  /** These domains' sources alone. */
  readonly only?: ReadonlySet<string>;
  /** A run begins or ends now: the moment of each reading counts. */
  readonly isEdge?: boolean;
  /** What has not answered when this has come is no longer waited for; left out: after most of a period. */
  readonly until?: Promise<unknown>;
}

export interface Sampler {
  /** Probes and opens what answers within the limit; slower sources join when they do. What is plainly there is waited for up to `patienceMs`. */
  open(limitMs: number, patienceMs?: number): Promise<void>;
  /** One round: every open source is asked, and what has come within most of a period is handed on. */
  tick(round?: Round): Promise<void>;
  /** Probes again what is not open, and what is but does not hold any more or cannot read all there is. */
  check(isStale?: (definition: SourceDefinition) => boolean): Promise<void>;
  /** Probes again what was open and went away, and what is there and failed just now. */
  recover(): Promise<void>;
  domains(): readonly Domain[];
  /** Of the first source that drives GPUs and tells. */
  gpuDriver(): GpuDriver | null;
  /** What is plainly there and gives nothing, nor does what stands in for it: sources by their labels. */
  unread(): { label: string; reason: string }[];
  reports(powerOf: (domainId: string) => number | null): readonly SourceReport[];
  close(): Promise<void>;
}

const failuresBeforeReopening = 3;
/** A source that has not answered for this long is left behind and looked for anew. */
const abandonedAfterMs = 30_000;
/** Looked for again after 5, 10, 20 … 60 s. */
const firstRetryMs = 5000;
const longestRetryMs = 60_000;
const longestTickWaitMs = 800;
/** A stand-in waits this long for its better to be looked for. */
const betterLimitMs = 1500;

/**
 * Asks all sources once a tick, none twice at a time, and waits for none beyond its time: a source that hangs gives 'timeout' readings until it
 * answers, one that fails gives 'failed' ones and is opened anew after three, and neither holds up the others.
 */
export function createSampler(options: SamplerOptions): Sampler {
  const { context, onReadings, onSourcesChanged } = options;
  const { clock } = context;
  const slots: readonly Slot[] = options.definitions.map((definition) => ({
    definition,
    probe: null,
    probing: null,
    wasOpen: false,
    retryAtMs: Number.POSITIVE_INFINITY,
    retryDelayMs: firstRetryMs,
    source: null,
    abort: new AbortController(),
    inFlightSinceMs: null,
    inFlight: null,
    inbox: [],
    failures: 0,
    errorCount: 0,
    trouble: null,
    silence: null,
    lastReadUnixMs: null,
    readMilliseconds: null,
  }));
  let selecting: Promise<void> = Promise.resolve();
  let isClosed = false;

  function probe(slot: Slot): Promise<void> {
    if (slot.source !== null || isClosed) return Promise.resolve();
    slot.probing ??= lookFor(slot).finally(() => {
      slot.probing = null;
    });
    return slot.probing;
  }

  async function lookFor(slot: Slot): Promise<void> {
    const better = betterOf(slot);
    if (better?.probing != null) await withTimeout(better.probing, betterLimitMs);
    if (isStandIn(slot)) return;
    slot.probe = await slot.definition.probe(context);
    planRetry(slot, slot.probe);
    selecting = selecting.then(select);
    await selecting;
  }

  function planRetry(slot: Slot, found: ProbeResult): void {
    const isPassing = found.kind === 'unavailable' && found.isPassing;
    slot.retryAtMs = isPassing ? clock.monotonicMs() + slot.retryDelayMs : Number.POSITIVE_INFINITY;
    slot.retryDelayMs = isPassing ? Math.min(longestRetryMs, 2 * slot.retryDelayMs) : firstRetryMs;
  }

  const betterOf = (slot: Slot): Slot | undefined =>
    slots.find((one) => one.definition.descriptor.id === slot.definition.descriptor.standsInFor);

  /** Its better is there: nobody needs it. */
  const isStandIn = (slot: Slot): boolean => betterOf(slot)?.probe?.kind === 'available';

  /** Opens the preferred source of each part and closes those it replaces. */
  async function select(): Promise<void> {
    if (isClosed) return;
    const taken = new Set<Coverage>();
    for (const slot of slots) {
      if (slot.probe?.kind !== 'available') continue;
      const isWanted = slot.probe.covers.some((part) => !taken.has(part));
      for (const part of slot.probe.covers) taken.add(part);
      if (isWanted && slot.source === null) await openSlot(slot, slot.probe);
      if (!isWanted && slot.source !== null) await closeSlot(slot);
    }
    onSourcesChanged();
    // One whose better went away is looked for now.
    for (const slot of slots) if (slot.probe === null && betterOf(slot)?.probe?.kind === 'unavailable') probe(slot);
  }

  async function openSlot(slot: Slot, found: Extract<ProbeResult, { kind: 'available' }>): Promise<void> {
    try {
      slot.source = await found.open();
      slot.abort = new AbortController();
      slot.wasOpen = true;
      slot.failures = 0;
      slot.trouble = null;
      slot.silence = null;
    } catch (error) {
      slot.errorCount++;
      slot.trouble = messageOf(error);
      context.log(`${slot.definition.descriptor.id}: could not be opened: ${slot.trouble}`);
    }
  }

  async function closeSlot(slot: Slot): Promise<void> {
    const source = slot.source;
    slot.source = null;
    slot.abort.abort();
    slot.inFlightSinceMs = null;
    // Its answer, should it come yet, is dropped: it must not keep the next source of this slot from being asked.
    slot.inFlight = null;
    if (source !== null)
      await withTimeout(
        source.close().catch((error: unknown) => context.log(messageOf(error))),
        1500,
      );
  }

  function startRead(slot: Slot, source: Source, options: ReadOptions): Promise<void> {
    if (slot.inFlight !== null) {
      // What is under way was asked before the edge: it is asked again right after.
      const { inFlight } = slot;
      return options.isEdge
        ? inFlight.then(() => (slot.source === source ? startRead(slot, source, options) : undefined))
        : inFlight;
    }
    const startedMs = clock.monotonicMs();
    slot.inFlightSinceMs = startedMs;
    const read = source.read(slot.abort.signal, options).then(
      (readings) => {
        if (slot.source !== source) return;
        slot.inFlightSinceMs = null;
        slot.inFlight = null;
        slot.inbox.push(...readings);
        noteSilence(slot, readings);
        slot.failures = 0;
        slot.trouble = null;
        slot.lastReadUnixMs = clock.unixMs();
        slot.readMilliseconds = clock.monotonicMs() - startedMs;
      },
      (error: unknown) => {
        if (slot.source !== source) return;
        slot.inFlightSinceMs = null;
        slot.inFlight = null;
        fail(slot, source, { reason: 'failed', note: messageOf(error) });
      },
    );
    slot.inFlight = read;
    return read;
  }

  function fail(slot: Slot, source: Source, missing: { readonly reason: GapReason; readonly note: string }): void {
    slot.errorCount++;
    slot.failures++;
    slot.trouble = missing.note;
    slot.inbox.push(...missingReadings(source, missing));
    if (slot.failures >= failuresBeforeReopening) reopen(slot);
  }

  function reopen(slot: Slot): void {
    slot.failures = 0;
    slot.probe = null;
    closeSlot(slot).then(() => probe(slot));
  }

  const missingReadings = (
    source: Source,
    missing: { readonly reason: GapReason; readonly note: string },
  ): readonly SourceReading[] =>
    source.domains().map((domain) => ({
      domain,
      ...unknownValues,
      atMs: clock.monotonicMs(),
      error: { lowRatio: 1, highRatio: 1, offsetWatts: 0 },
      missing,
    }));

  const tickWaitMs = (): number => Math.min(longestTickWaitMs, msFromSeconds(context.periodSeconds()) * 0.8);

  function collect(asked: readonly Slot[]): readonly SourceReading[] {
    const hungAfterMs = Math.max(2000, msFromSeconds(context.periodSeconds()) * 2);
    return asked.flatMap((slot) => {
      const readings = slot.inbox.splice(0);
      const waitedMs = slot.inFlightSinceMs === null ? 0 : clock.monotonicMs() - slot.inFlightSinceMs;
      if (slot.source === null || waitedMs <= hungAfterMs) return readings;
      slot.trouble = `${slot.definition.descriptor.label} has not answered for ${Math.round(waitedMs / 1000)} s.`;
      const missing = missingReadings(slot.source, { reason: 'timeout', note: slot.trouble });
      if (waitedMs > abandonedAfterMs) reopen(slot);
      return [...readings, ...missing];
    });
  }

  return {
    async open(limitMs, patienceMs = limitMs) {
      const startedMs = clock.monotonicMs();
      await withTimeout(Promise.all(slots.map(probe)), limitMs);
      const expected = slots.filter(
        (slot) => slot.probing !== null && !isStandIn(slot) && slot.definition.isExpected?.(context) === true,
      );
      const leftMs = patienceMs - (clock.monotonicMs() - startedMs);
      if (expected.length > 0 && leftMs > 0)
        await withTimeout(Promise.all(expected.map((slot) => slot.probing)), leftMs);
    },
    async tick({ only, isEdge = false, until } = {}) {
      const asked = slots.filter(
        (slot) =>
          slot.source !== null && (only === undefined || slot.source.domains().some((domain) => only.has(domain.id))),
      );
      const options = { isEdge, ...(until === undefined ? {} : { until }) };
      const reads = asked.flatMap((slot) => (slot.source === null ? [] : [startRead(slot, slot.source, options)]));
      const isAnyPending = asked.some((slot) => slot.inFlightSinceMs !== null);
      if (isAnyPending && (await withTimeout(Promise.all(reads), until ?? tickWaitMs())) === 'timeout')
        // A source that has heard the same moment tells now what it has.
        await new Promise((resolve) => setImmediate(resolve));
      onReadings(collect(asked));
    },
    async check(isStale = () => false) {
      const stale = slots.filter(
        // A remedy that somebody has followed shows when it is opened anew; what has none is read on.
        ({ source, definition }) =>
          source !== null && (isStale(definition) || (source.shortfall?.()?.remedies.length ?? 0) > 0),
      );
      for (const slot of stale) slot.probe = null;
      await Promise.all(stale.map(closeSlot));
      // One that was found and not needed stays known: looking for it again would cost something each time.
      const lookedFor = slots.filter((slot) => slot.source === null && slot.probe?.kind !== 'available');
      for (const slot of lookedFor) slot.probe = null;
      await Promise.all(lookedFor.map(probe));
    },
    async recover() {
      const isDue = (slot: Slot): boolean =>
        slot.wasOpen || (!isStandIn(slot) && slot.retryAtMs <= clock.monotonicMs());
      await Promise.all(slots.filter((slot) => slot.source === null && isDue(slot)).map(probe));
    },
    domains: () => slots.flatMap((slot) => slot.source?.domains() ?? []),
    gpuDriver: () => slots.map((slot) => slot.source?.driver?.() ?? null).find((driver) => driver !== null) ?? null,
    unread: () => unreadOf(slots, context),
    reports: (powerOf) => slots.map((slot) => reportOf(slot, isStandIn(slot), powerOf)),
    async close() {
      isClosed = true;
      await selecting;
      await Promise.all(slots.map(closeSlot));
    },
  };
}

function messageOf(error: unknown): string {
  if (error instanceof WattrunError || error instanceof Error) return error.message;
  return String(error);
}
