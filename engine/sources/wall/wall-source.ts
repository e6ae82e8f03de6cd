import type { Domain } from '../../../shared/model/domain.ts';
import type { WallMeter } from '../../../shared/model/settings.ts';
import { type Source, type SourceContext, type SourceDefinition, type SourceReading, unavailable } from '../source.ts';
import { withTimeout } from '../with-timeout.ts';
import { type Resolve, systemResolve } from './local-address.ts';
import { type AskedMeter, createAskedMeter } from './wall-meter.ts';

/** Plugs are small: none is asked more than once a second. */
const leastPeriodMs = 1000;
/** Timers fire a little early or late: a tick of one second must not skip every other question. */
const earlyMs = 50;
/** A plug that is slow gives its reading at the next round; the others do not wait for it. */
const roundMs = 500;

/** One definition for all meters in the settings, which may change at any time. `resolve` is the system's; tests bring their own. */
export function createWallDefinition(resolve: Resolve = systemResolve): SourceDefinition {
  return {
    descriptor: {
      id: 'wall-meter',
      label: 'Wattmeter at the wall',
      measures: 'the whole machine, at its plug',
      provenance: 'sensor',
      sameNumberCommand:
        "curl 'http://PLUG/cm?cmnd=Status%2010'   # Tasmota; Shelly: 'http://PLUG/rpc/Switch.GetStatus?id=0'",
    },
    async probe(context) {
      const { wallMeters } = context.settings();
      if (wallMeters.length === 0) return unavailable('No wattmeter is named in the settings.');
      return {
        kind: 'available',
        covers: wallMeters.map((meter) => `wall:${meter.name}` as const),
        how: wallMeters.map((meter) => `${meter.kind} at ${new URL(meter.url).host}`).join(', '),
        open: async () => createWallSource(context, resolve),
      };
    },
    isStale: (before, after) => JSON.stringify(before.wallMeters) !== JSON.stringify(after.wallMeters),
  };
}

export const wallSource: SourceDefinition = createWallDefinition();

interface Slot {
  readonly key: string;
  readonly asked: AskedMeter;
  lastAskedMs: number;
  isPending: boolean;
}

function createWallSource(context: SourceContext, resolve: Resolve): Source {
  const { clock } = context;
  const closing = new AbortController();
  let slots: readonly Slot[] = [];
  /** What each meter says in place of a value, by the meter's key. */
  let troubles: ReadonlyMap<string, string> = new Map();
  let arrived: SourceReading[] = [];

  /** The meters as the settings name them now; one that has not changed keeps what it has learned. */
  function follow(): readonly Slot[] {
    const meters = namedOnce(context.settings().wallMeters);
    const keys = meters.map((meter, index) => JSON.stringify([index, meter]));
    const isSame = keys.length === slots.length && keys.every((key, index) => slots[index]?.key === key);
    if (isSame) return slots;
    const before = slots;
    slots = meters.map((meter, index) => {
      const key = keys[index] ?? '';
      const kept = before.find((slot) => slot.key === key);
      if (kept !== undefined) return kept;
      const asked = createAskedMeter({ meter, index, context, resolve });
      return { key, asked, lastAskedMs: Number.NEGATIVE_INFINITY, isPending: false };
    });
    return slots;
  }

  async function ask(slot: Slot, signal: AbortSignal): Promise<void> {
    slot.isPending = true;
    slot.lastAskedMs = clock.monotonicMs();
    const reading = await slot.asked.read(signal);
    slot.isPending = false;
    // A meter taken out of the settings, or a source closed, has nothing more to say.
    if (reading === null || signal.aborted || !slots.includes(slot)) return;
    arrived.push(reading);
    const known = [...troubles].filter(([key]) => key !== slot.key && slots.some((one) => one.key === key));
    troubles = new Map(reading.missing === null ? known : [...known, [slot.key, troubleText(slot, reading.missing)]]);
  }

  return {
    domains: (): readonly Domain[] => follow().map((slot) => slot.asked.domain),
    async read(signal) {
      const nowMs = clock.monotonicMs();
      const due = follow().filter((slot) => !slot.isPending && nowMs - slot.lastAskedMs >= leastPeriodMs - earlyMs);
      const either = AbortSignal.any([signal, closing.signal]);
      await withTimeout(Promise.all(due.map((slot) => ask(slot, either))), roundMs);
      const readings = arrived;
      arrived = [];
      return readings;
    },
    shortfall() {
      const [reason] = troubles.values();
      return reason === undefined ? null : { reason, remedies: [] };
    },
    async close() {
      closing.abort();
    },
  };
}

const troubleText = ({ asked }: Slot, { note }: NonNullable<SourceReading['missing']>): string =>
  `${asked.domain.label} gives nothing: ${note}`;

/** Of two meters with one name the first: a domain is one thing. */
const namedOnce = (meters: readonly WallMeter[]): readonly WallMeter[] =>
  meters.filter((meter, index) => meters.findIndex((other) => other.name === meter.name) === index);
