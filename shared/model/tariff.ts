import { z } from 'zod';

const priceSchema = z.number().nonnegative().max(1000);
const dateSchema = z.iso.date();

/** A price for some hours of some weekdays, in local time. Hours that end before they begin go over midnight and belong to the day they begin on. */
export const tariffBandSchema = z
  .object({
    label: z.string().trim().max(40),
    /** ISO 8601 weekdays, 1 Monday … 7 Sunday. */
    days: z.array(z.number().int().min(1).max(7)).min(1).max(7),
    fromMinute: z.number().int().min(0).max(1439),
    /** 1440: midnight at the end of the day. */
    toMinute: z.number().int().min(1).max(1440),
    pricePerKwh: priceSchema,
  })
  .refine(({ fromMinute, toMinute }) => fromMinute !== toMinute, 'a band that ends when it begins');
export type TariffBand = z.infer<typeof tariffBandSchema>;

const bandsSchema = z.array(tariffBandSchema).max(24);

/** Other prices between two local dates, both included; null: open. */
export const tariffPeriodSchema = z
  .object({
    fromDate: dateSchema.nullable(),
    toDate: dateSchema.nullable(),
    pricePerKwh: priceSchema,
    bands: bandsSchema,
  })
  .refine(
    ({ fromDate, toDate }) => fromDate === null || toDate === null || fromDate <= toDate,
    'it ends before it begins',
  );
export type TariffPeriod = z.infer<typeof tariffPeriodSchema>;

export const tariffBandsSchema = bandsSchema;
export const tariffPeriodsSchema = z.array(tariffPeriodSchema).max(24);

/** What a kWh costs when. The first period that holds the day, in it the first band that holds the hour; else the period's own price, else the flat one. */
export const tariffSchema = z.object({
  /** IANA name: the hours are this place's, with its summer time. */
  timeZone: z.string(),
  bands: bandsSchema,
  periods: tariffPeriodsSchema,
});
export type Tariff = z.infer<typeof tariffSchema>;

export interface LocalMoment {
  /** 1 Monday … 7 Sunday. */
  readonly day: number;
  readonly minute: number;
  /** YYYY-MM-DD. */
  readonly date: string;
}

const quarterMs = 15 * 60_000;
const dayMs = 24 * 60 * 60_000;

const localTimes = new Map<string, (unixMs: number) => LocalMoment>();
const mostOffsets = 100_000;

/** Local time of a place; made once for each. */
export function localTimeOf(timeZone: string): (unixMs: number) => LocalMoment {
  const known = localTimes.get(timeZone);
  if (known !== undefined) return known;
  const made = createLocalTime(timeZone);
  localTimes.set(timeZone, made);
  return made;
}

/** Local time of a place. Its offset is asked once for each quarter of an hour: nowhere does a clock change within one. */
function createLocalTime(timeZone: string): (unixMs: number) => LocalMoment {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const offsets = new Map<number, number>();
  const offsetOf = (unixMs: number): number => {
    const quarter = Math.floor(unixMs / quarterMs);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    const startMs = quarter * quarterMs;
    const parts = Object.fromEntries(format.formatToParts(startMs).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    const offset = Date.UTC(year, month - 1, day, hour, minute) - startMs;
    if (offsets.size >= mostOffsets) offsets.clear();
    offsets.set(quarter, offset);
    return offset;
  };
  return (unixMs) => {
    const shifted = unixMs + offsetOf(unixMs);
    const days = Math.floor(shifted / dayMs);
    // 1 January 1970 was a Thursday.
    return {
      day: ((((days + 3) % 7) + 7) % 7) + 1,
      minute: Math.floor((shifted - days * dayMs) / 60_000),
      date: new Date(shifted).toISOString().slice(0, 10),
    };
  };
}

export interface PriceNow {
  readonly pricePerKwh: number;
  /** The band's name; '' for the price outside all bands. */
  readonly label: string;
}

/** Price at a moment, under a flat price and a tariff over it. */
export function createTariffPrice(flatPerKwh: number, tariff: Tariff): (unixMs: number) => PriceNow {
  const localTime = localTimeOf(tariff.timeZone);
  return (unixMs) => {
    const at = localTime(unixMs);
    const period = tariff.periods.find(
      ({ fromDate, toDate }) => (fromDate === null || fromDate <= at.date) && (toDate === null || at.date <= toDate),
    );
    const { bands, pricePerKwh } = period ?? { bands: tariff.bands, pricePerKwh: flatPerKwh };
    const band = bands.find((one) => holds(one, at));
    return band === undefined ? { pricePerKwh, label: '' } : { pricePerKwh: band.pricePerKwh, label: band.label };
  };
}

function holds({ days, fromMinute, toMinute }: TariffBand, { day, minute }: LocalMoment): boolean {
  if (fromMinute < toMinute) return days.includes(day) && minute >= fromMinute && minute < toMinute;
  const dayBefore = day === 1 ? 7 : day - 1;
  return (days.includes(day) && minute >= fromMinute) || (days.includes(dayBefore) && minute < toMinute);
}

/** True for the code of a currency in use (ISO 4217, as the system knows them). */
export const isCurrency = (code: string): boolean => Intl.supportedValuesOf('currency').includes(code);
