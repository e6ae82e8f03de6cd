import { z } from 'zod';
import type { IntensityPoint } from '../../../../shared/model/carbon.ts';
import { isoFromUnixMs, msFromHours } from '../../../../shared/units.ts';
import { type GridProvider, type GridQuestion, type GridReading, problemReading } from '../grid-provider.ts';
import { jsonOf, plausiblePoints } from '../plausible.ts';

/** https://portal.electricitymaps.com/docs/api: /v3/carbon-intensity/history (24 h, hourly), /past-range (ten days at once, by plan) and /forecast (24 to 72 h, by plan). */
const valueSchema = z.object({
  carbonIntensity: z.number().nullable(),
  datetime: z.iso.datetime({ offset: true }),
  isEstimated: z.boolean().nullish(),
  emissionFactorType: z.string().nullish(),
});
/** `past-range` says `data` for what `history` says `history`. */
const historySchema = z
  .object({ zone: z.string(), history: z.array(valueSchema).optional(), data: z.array(valueSchema).optional() })
  .transform(({ zone, history, data }) => ({ zone, values: history ?? data }));
const forecastSchema = z.object({ zone: z.string(), forecast: z.array(valueSchema) });

const hourMs = msFromHours(1);

function pointsOf(values: readonly z.infer<typeof valueSchema>[], zone: string): IntensityPoint[] {
  return values.flatMap(({ carbonIntensity, datetime, isEstimated, emissionFactorType }) => {
    if (carbonIntensity === null) return [];
    const fromMs = Date.parse(datetime);
    return [
      {
        fromMs,
        toMs: fromMs + hourMs,
        gramsCO2ePerKwh: carbonIntensity,
        kind: 'average' as const,
        isEstimated: isEstimated === true,
        source: `Electricity Maps ${zone}, ${emissionFactorType === 'direct' ? 'direct' : 'life cycle'}`,
      },
    ];
  });
}

const otherZone = (said: string, { zone }: GridQuestion): GridReading | null =>
  said === zone
    ? null
    : problemReading('wrong-answer', `It was asked for ${zone} and answers for ${said.slice(0, 40)}.`);

const noJson = problemReading('wrong-answer', 'It is not what Electricity Maps answers.');

export const electricityMaps: GridProvider = {
  descriptor: {
    id: 'electricity-maps',
    label: 'Electricity Maps',
    needsToken: true,
    needsFile: false,
    hasForecast: true,
    zoneExample: 'DE',
    defaultUrl: 'https://api.electricitymaps.com',
    periodSeconds: 3600,
    method: 'lifecycle',
    terms: 'free tier: one zone, non-commercial; forecast by plan',
  },
  checkZone: (zone) => (/^[A-Z]{2}(-[A-Z0-9-]+)?$/.test(zone) ? null : 'A zone is like DE, SE-SE3 or US-CAL-CISO.'),
  historyRequest: ({ url, zone, token }) => ({
    url: `${url}/v3/carbon-intensity/history?zone=${encodeURIComponent(zone)}`,
    headers: { 'auth-token': token },
  }),
  rangeRequest: ({ url, zone, token }, { fromMs, toMs }) => ({
    url: `${url}/v3/carbon-intensity/past-range?${new URLSearchParams({ zone, start: isoFromUnixMs(fromMs), end: isoFromUnixMs(toMs) })}`,
    headers: { 'auth-token': token },
  }),
  longestRangeMs: msFromHours(24 * 10),
  forecastRequest: ({ url, zone, token }) => ({
    url: `${url}/v3/carbon-intensity/forecast?zone=${encodeURIComponent(zone)}`,
    headers: { 'auth-token': token },
  }),
  parseHistory(text, question) {
    const parsed = historySchema.safeParse(jsonOf(text));
    if (!parsed.success || parsed.data.values === undefined) return noJson;
    // The hour that goes on is told as it is so far.
    return (
      otherZone(parsed.data.zone, question) ??
      plausiblePoints(pointsOf(parsed.data.values, question.zone), question.nowMs + hourMs)
    );
  },
  parseForecast(text, question) {
    const parsed = forecastSchema.safeParse(jsonOf(text));
    if (!parsed.success) return noJson;
    return (
      otherZone(parsed.data.zone, question) ??
      plausiblePoints(pointsOf(parsed.data.forecast, question.zone), Number.POSITIVE_INFINITY)
    );
  },
};
