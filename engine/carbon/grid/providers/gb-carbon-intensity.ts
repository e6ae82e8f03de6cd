import { z } from 'zod';
import type { IntensityPoint } from '../../../../shared/model/carbon.ts';
import { msFromHours } from '../../../../shared/units.ts';
import { type GridProvider, type GridQuestion, type GridReading, problemReading } from '../grid-provider.ts';
import { jsonOf, plausiblePoints } from '../plausible.ts';

/** https://api.carbonintensity.org.uk (NESO, CC BY 4.0): half-hours; `actual` comes later, until then its own forecast is an estimate of it. */
const timeSchema = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/);
const periodSchema = z.object({
  from: timeSchema,
  to: timeSchema,
  intensity: z.object({ forecast: z.number().nullish(), actual: z.number().nullish() }),
});
const nationalSchema = z.object({ data: z.array(periodSchema) });
/** A region has forecasts only, and its periods one level deeper. */
const regionalSchema = z.object({ data: z.object({ regionid: z.number(), data: z.array(periodSchema) }) });

const halfHourMs = msFromHours(0.5);
/** 17 regions: https://carbon-intensity.github.io/api-definitions/#region-list */
const regionOf = (zone: string): number | null => (/^([1-9]|1[0-7])$/.test(zone) ? Number(zone) : null);

/** The API's own form of a time: minutes, and always UTC. */
const minuteText = (unixMs: number): string => `${new Date(unixMs).toISOString().slice(0, 16)}Z`;

function periodsOf(text: string, zone: string): readonly z.infer<typeof periodSchema>[] | null {
  const region = regionOf(zone);
  const json = jsonOf(text);
  if (region === null) return nationalSchema.safeParse(json).data?.data ?? null;
  const said = regionalSchema.safeParse(json).data?.data;
  return said === undefined || said.regionid !== region ? null : said.data;
}

function read(text: string, { zone, nowMs }: GridQuestion, isForecast: boolean): GridReading {
  const periods = periodsOf(text, zone);
  if (periods === null) return problemReading('wrong-answer', 'It is not what the GB Carbon Intensity API answers.');
  const place = regionOf(zone) === null ? 'GB' : `GB region ${zone}`;
  const points = periods.flatMap(({ from, to, intensity }): IntensityPoint[] => {
    const fromMs = Date.parse(from);
    const grams = isForecast ? intensity.forecast : (intensity.actual ?? intensity.forecast);
    // A period that has not begun is no reading.
    if (grams == null || (!isForecast && fromMs > nowMs)) return [];
    return [
      {
        fromMs,
        toMs: Date.parse(to),
        gramsCO2ePerKwh: grams,
        kind: 'average',
        isEstimated: isForecast || intensity.actual == null,
        source: `GB Carbon Intensity API, ${place}`,
      },
    ];
  });
  return plausiblePoints(points, isForecast ? Number.POSITIVE_INFINITY : nowMs + halfHourMs);
}

const dayMs = msFromHours(24);
const path = ({ url, zone }: GridQuestion, from: string, to: string): string => {
  const region = regionOf(zone);
  return region === null
    ? `${url}/intensity/${from}/${to}`
    : `${url}/regional/intensity/${from}/${to}/regionid/${region}`;
};

export const gbCarbonIntensity: GridProvider = {
  descriptor: {
    id: 'gb-carbon-intensity',
    label: 'GB Carbon Intensity API',
    needsToken: false,
    needsFile: false,
    hasForecast: true,
    zoneExample: 'GB',
    defaultUrl: 'https://api.carbonintensity.org.uk',
    periodSeconds: 1800,
    method: 'direct',
    terms: 'NESO, CC BY 4.0, no key',
  },
  checkZone: (zone) =>
    zone === '' || zone === 'GB' || regionOf(zone) !== null
      ? null
      : 'A zone is GB, or one of its regions by number: 1 (North Scotland) to 17 (Wales).',
  historyRequest: (question) => ({
    // Fourteen days are the most that it answers at once.
    url: path(question, minuteText(Math.max(question.fromMs, question.nowMs - 13 * dayMs)), minuteText(question.nowMs)),
    headers: {},
  }),
  rangeRequest: (question, { fromMs, toMs }) => ({
    url: path(question, minuteText(fromMs), minuteText(toMs)),
    headers: {},
  }),
  longestRangeMs: 13 * dayMs,
  forecastRequest: (question) => {
    const from = minuteText(question.nowMs);
    return { url: path(question, from, 'fw48h'), headers: {} };
  },
  parseHistory: (text, question) => read(text, question, false),
  parseForecast: (text, question) => read(text, question, true),
};
