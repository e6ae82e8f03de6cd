import type { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { IntensityPoint } from '../../../../shared/model/carbon.ts';
import { msFromHours } from '../../../../shared/units.ts';
import {
  type GridProvider,
  type GridQuestion,
  type GridReading,
  type GridRequest,
  problemReading,
} from '../grid-provider.ts';
import { plausiblePoints } from '../plausible.ts';
import { generationFactors, storageTypes } from './generation-factors.ts';

/** https://transparency.entsoe.eu, actual generation per type: document A75, process A16 (16.1.B&C of Regulation 543/2013). */
let parser: XMLParser | null = null;

async function prepare(): Promise<void> {
  const xml = await import('fast-xml-parser');
  parser ??= new xml.XMLParser({
    ignoreAttributes: true,
    parseTagValue: false,
    processEntities: false,
    isArray: (name) => ['TimeSeries', 'Period', 'Point', 'Reason'].includes(name),
  });
}

const documentSchema = z.object({
  GL_MarketDocument: z.object({
    TimeSeries: z.array(
      z.object({
        'inBiddingZone_Domain.mRID': z.string().optional(),
        'outBiddingZone_Domain.mRID': z.string().optional(),
        curveType: z.string().default('A01'),
        MktPSRType: z.object({ psrType: z.string() }),
        Period: z.array(
          z.object({
            timeInterval: z.object({ start: z.string(), end: z.string() }),
            resolution: z.string(),
            Point: z.array(z.object({ position: z.coerce.number().int(), quantity: z.coerce.number() })),
          }),
        ),
      }),
    ),
  }),
});
const refusalSchema = z.object({
  Acknowledgement_MarketDocument: z.object({
    Reason: z.array(z.object({ code: z.coerce.string(), text: z.coerce.string().default('') })),
  }),
});

type Series = z.infer<typeof documentSchema>['GL_MarketDocument']['TimeSeries'][number];

const resolutionsMs: Readonly<Record<string, number>> = {
  PT15M: msFromHours(0.25),
  PT30M: msFromHours(0.5),
  PT60M: msFromHours(1),
  PT1H: msFromHours(1),
};

/** With more of the generation of no known factor than this, what is left does not speak for it. */
const mostUnknownRatio = 0.25;

/** Eight days of quarters of an hour: a day more than is asked for. */
const mostSteps = 768;

interface Mix {
  readonly toMs: number;
  grams: number;
  knownMegawatts: number;
  unknownMegawatts: number;
  /** Of generation that have reported. */
  types: number;
}

/** Power by the beginning of its period. In a curve of type A03 a position that is left out has the power of the one before. */
function* powers({ curveType, Period }: Series): Generator<{ fromMs: number; toMs: number; megawatts: number }> {
  for (const { timeInterval, resolution, Point } of Period) {
    const stepMs = resolutionsMs[resolution] ?? Number.NaN;
    const [startMs, endMs] = [Date.parse(timeInterval.start), Date.parse(timeInterval.end)];
    const count = Math.round((endMs - startMs) / stepMs);
    if (!(count >= 1 && count <= mostSteps)) throw new Error('a period of no length');
    const given = new Map(Point.map(({ position, quantity }) => [position, quantity]));
    let last: number | undefined;
    for (let position = 1; position <= count; position++) {
      last = given.get(position) ?? (curveType === 'A03' ? last : undefined);
      if (last === undefined) continue;
      const fromMs = startMs + (position - 1) * stepMs;
      yield { fromMs, toMs: fromMs + stepMs, megawatts: last };
    }
  }
}

/** Σ power × factor / Σ power by period; null where the text is no such document. Series that go out of the zone (pumps) are no generation. */
function mixesOf(series: readonly Series[]): ReadonlyMap<number, Mix> {
  const mixes = new Map<number, Mix>();
  for (const one of series) {
    if (one['inBiddingZone_Domain.mRID'] === undefined || storageTypes.has(one.MktPSRType.psrType)) continue;
    const factor = generationFactors[one.MktPSRType.psrType];
    for (const { fromMs, toMs, megawatts } of powers(one)) {
      if (!(megawatts >= 0)) throw new Error('negative generation');
      const mix = mixes.get(fromMs) ?? { toMs, grams: 0, knownMegawatts: 0, unknownMegawatts: 0, types: 0 };
      mix.types += 1;
      if (factor === undefined) mix.unknownMegawatts += megawatts;
      else {
        mix.knownMegawatts += megawatts;
        mix.grams += megawatts * factor;
      }
      mixes.set(fromMs, mix);
    }
  }
  return mixes;
}

function parse(text: string, { zone, nowMs }: GridQuestion): GridReading {
  if (parser === null) throw new Error('ENTSO-E is not prepared');
  let json: unknown;
  try {
    json = parser.parse(text);
  } catch {
    return problemReading('wrong-answer', 'It is not XML.');
  }
  const refusal = refusalSchema.safeParse(json).data?.Acknowledgement_MarketDocument.Reason[0];
  if (refusal !== undefined)
    return problemReading(refusal.code === '999' ? 'no-data' : 'refused', `It says: ${refusal.text.slice(0, 200)}`);
  const document = documentSchema.safeParse(json);
  if (!document.success) return problemReading('wrong-answer', 'It is not a document of generation per type.');
  const series = document.data.GL_MarketDocument.TimeSeries;
  if (series.some((one) => (one['inBiddingZone_Domain.mRID'] ?? zone) !== zone))
    return problemReading('wrong-answer', `It was asked for ${zone} and answers for another zone.`);
  let mixes: ReadonlyMap<number, Mix>;
  try {
    mixes = mixesOf(series);
  } catch (error) {
    return problemReading('wrong-answer', `It holds ${error instanceof Error ? error.message : 'what cannot be'}.`);
  }
  return plausiblePoints(pointsOf(mixes, zone), nowMs + msFromHours(1));
}

function pointsOf(mixes: ReadonlyMap<number, Mix>, zone: string): IntensityPoint[] {
  const mostTypes = Math.max(0, ...[...mixes.values()].map((mix) => mix.types));
  return [...mixes].flatMap(([fromMs, { toMs, grams, knownMegawatts, unknownMegawatts, types }]) => {
    const all = knownMegawatts + unknownMegawatts;
    if (knownMegawatts <= 0 || unknownMegawatts / all > mostUnknownRatio) return [];
    return [
      {
        fromMs,
        toMs,
        gramsCO2ePerKwh: grams / knownMegawatts,
        kind: 'average' as const,
        // Plants that have not reported yet, or are of no known factor, are missing in the mean.
        isEstimated: unknownMegawatts > 0 || types < mostTypes,
        source: `ENTSO-E generation ${zone} × IPCC AR5 life-cycle factors`,
      },
    ];
  });
}

/** yyyyMMddHHmm, UTC. */
const stamp = (unixMs: number): string => new Date(unixMs).toISOString().replaceAll(/[-:T]/g, '').slice(0, 12);
const dayMs = msFromHours(24);
const hourMs = msFromHours(1);

/** Whole hours. */
function rangeRequest(
  { url, zone, token }: GridQuestion,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): GridRequest {
  const query = new URLSearchParams({
    securityToken: token,
    documentType: 'A75',
    processType: 'A16',
    in_Domain: zone,
    periodStart: stamp(Math.floor(fromMs / hourMs) * hourMs),
    periodEnd: stamp(Math.ceil(toMs / hourMs) * hourMs),
  });
  return { url: `${url}/api?${query}`, headers: {} };
}

export const entsoE: GridProvider = {
  descriptor: {
    id: 'entso-e',
    label: 'ENTSO-E Transparency Platform',
    needsToken: true,
    needsFile: false,
    hasForecast: false,
    zoneExample: '10Y1001A1001A83F',
    defaultUrl: 'https://web-api.tp.entsoe.eu',
    periodSeconds: 3600,
    method: 'lifecycle',
    terms: 'free after registration',
  },
  checkZone: (zone) =>
    /^[0-9A-Z-]{16}$/.test(zone) ? null : 'A zone is an EIC of 16 characters: 10Y1001A1001A83F is Germany.',
  historyRequest: (question) =>
    rangeRequest(question, {
      fromMs: Math.max(question.fromMs, question.nowMs - 7 * dayMs),
      toMs: question.nowMs,
    }),
  rangeRequest,
  longestRangeMs: 7 * dayMs,
  forecastRequest: null,
  prepare,
  parseHistory: parse,
  parseForecast: parse,
};
