import type { Provenance } from '../../shared/model/domain.ts';
import { provenanceSchema } from '../../shared/model/domain.ts';
import { secondsFromMs } from '../../shared/units.ts';
import type { Interval } from '../energy/interval.ts';
import type { DayTotals } from '../store/store.ts';

export interface DomainDay {
  readonly joules: number;
  readonly lowJoules: number;
  readonly highJoules: number;
  readonly seconds: number;
}

/** Energy since local midnight, by domain and by hour. */
export interface DayLedger {
  add(interval: Interval, unixMs: number): void;
  domain(domainId: string): DomainDay | null;
  hourlyJoules(): readonly (number | null)[];
  byProvenance(): Readonly<Partial<Record<Provenance, number>>>;
  domainIds(): readonly string[];
  startMs(): number;
}

export function localMidnightMs(unixMs: number): number {
  const date = new Date(unixMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

const none: DomainDay = { joules: 0, lowJoules: 0, highJoules: 0, seconds: 0 };

/** `isSummed` says which domains are part of the machine's own sum. `stored`: what the record has of today already. */
export function createDayLedger(
  unixMs: number,
  stored: readonly DayTotals[],
  isSummed: (domainId: string) => boolean,
): DayLedger {
  let startMs = localMidnightMs(unixMs);
  let domains = new Map<string, DomainDay>();
  let hours: (number | null)[] = emptyHours();
  let kinds: Partial<Record<Provenance, number>> = {};

  function put(domainId: string, hour: number, day: DomainDay, provenance: Provenance | null): void {
    const before = domains.get(domainId) ?? none;
    domains.set(domainId, {
      joules: before.joules + day.joules,
      lowJoules: before.lowJoules + day.lowJoules,
      highJoules: before.highJoules + day.highJoules,
      seconds: before.seconds + day.seconds,
    });
    if (!isSummed(domainId)) return;
    if (hour >= 0 && hour < hours.length) hours[hour] = (hours[hour] ?? 0) + day.joules;
    if (provenance !== null) kinds[provenance] = (kinds[provenance] ?? 0) + day.joules;
  }

  for (const row of stored) {
    const provenance = provenanceSchema.safeParse(row.provenance);
    put(row.domainId, Math.min(23, row.hour), row, provenance.success ? provenance.data : null);
  }

  return {
    add(interval, atUnixMs) {
      const midnightMs = localMidnightMs(atUnixMs);
      if (midnightMs !== startMs) {
        startMs = midnightMs;
        domains = new Map();
        hours = emptyHours();
        kinds = {};
      }
      put(
        interval.domainId,
        new Date(atUnixMs).getHours(),
        { ...interval, seconds: secondsFromMs(interval.toMs - interval.fromMs) },
        interval.provenance,
      );
    },
    domain: (domainId) => domains.get(domainId) ?? null,
    hourlyJoules: () => hours,
    byProvenance: () => kinds,
    domainIds: () => [...domains.keys()],
    startMs: () => startMs,
  };
}

const emptyHours = (): (number | null)[] => Array.from({ length: 24 }, () => null);
