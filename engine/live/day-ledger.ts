import type { Provenance } from '../../shared/model/domain.ts';
import { provenanceSchema } from '../../shared/model/domain.ts';
import { msFromHours, secondsFromMs } from '../../shared/units.ts';
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

type Sums = { -readonly [K in keyof DomainDay]: DomainDay[K] };

/** Offsets from UTC are whole quarters of an hour, and change at such: what the local time is once counts for the quarter. */
const quarterMs = msFromHours(0.25);

/** `isSummed` says which domains are part of the machine's own sum. `stored`: what the record has of today already. */
export function createDayLedger(
  unixMs: number,
  stored: readonly DayTotals[],
  isSummed: (domainId: string) => boolean,
): DayLedger {
  let startMs = localMidnightMs(unixMs);
  let domains = new Map<string, Sums>();
  let hours: (number | null)[] = emptyHours();
  let kinds: Partial<Record<Provenance, number>> = {};

  let quarter = Number.NaN;
  let quarterMidnightMs = startMs;
  let quarterHour = 0;

  function addToDomain(domainId: string, energy: Omit<DomainDay, 'seconds'>, seconds: number): void {
    const sums = domains.get(domainId) ?? { joules: 0, lowJoules: 0, highJoules: 0, seconds: 0 };
    domains.set(domainId, sums);
    sums.joules += energy.joules;
    sums.lowJoules += energy.lowJoules;
    sums.highJoules += energy.highJoules;
    sums.seconds += seconds;
  }

  function addToMachine(hour: number, joules: number, provenance: Provenance | null): void {
    if (hour >= 0 && hour < hours.length) hours[hour] = (hours[hour] ?? 0) + joules;
    if (provenance !== null) kinds[provenance] = (kinds[provenance] ?? 0) + joules;
  }

  function lookAtLocalTime(atUnixMs: number): void {
    const now = Math.floor(atUnixMs / quarterMs);
    if (now === quarter) return;
    quarter = now;
    quarterMidnightMs = localMidnightMs(atUnixMs);
    quarterHour = new Date(atUnixMs).getHours();
  }

  for (const row of stored) {
    const provenance = provenanceSchema.safeParse(row.provenance);
    addToDomain(row.domainId, row, row.seconds);
    if (isSummed(row.domainId))
      addToMachine(Math.min(23, row.hour), row.joules, provenance.success ? provenance.data : null);
  }

  return {
    add(interval, atUnixMs) {
      lookAtLocalTime(atUnixMs);
      if (quarterMidnightMs !== startMs) {
        startMs = quarterMidnightMs;
        domains = new Map();
        hours = emptyHours();
        kinds = {};
      }
      const { domainId, joules, provenance } = interval;
      addToDomain(domainId, interval, secondsFromMs(interval.toMs - interval.fromMs));
      if (isSummed(domainId)) addToMachine(quarterHour, joules, provenance);
    },
    domain: (domainId) => domains.get(domainId) ?? null,
    hourlyJoules: () => hours,
    byProvenance: () => kinds,
    domainIds: () => [...domains.keys()],
    startMs: () => startMs,
  };
}

const emptyHours = (): (number | null)[] => Array.from({ length: 24 }, () => null);
