import type { CleanerHours, GridProviderDescriptor, GridStatus } from '../shared/model/carbon.ts';
import type { CarbonFactor, Price } from '../shared/model/run.ts';
import type { Settings } from '../shared/model/settings.ts';
import { percentFromRatio, secondsFromMs } from '../shared/units.ts';
import { plainText } from './plain-text.ts';
import { durationText } from './text.ts';

const label = (word: string): string => word.padEnd(11);
/** Made when it is asked for: every command loads this file. */
const clockText = (atMs: number): string =>
  new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(atMs);
const momentText = (unixMs: number): string => clockText(unixMs).replace(',', '');

/** 'Cleanest 4 h: Thu 23:00 to Fri 03:00, 110 g CO2e/kWh, 62 % less than now (290).' */
export function cleanerText({
  hours,
  fromMs,
  toMs,
  intensityGramsCO2ePerKwh,
  nowIntensityGramsCO2ePerKwh,
  savingRatio,
}: CleanerHours): string {
  if (savingRatio <= 0) return `Now is the cleanest time for ${hours} h that the forecast knows.`;
  return `Cleanest ${hours} h: ${momentText(fromMs)} to ${momentText(toMs)}, ${Math.round(intensityGramsCO2ePerKwh)} g CO2e/kWh, ${Math.round(percentFromRatio(savingRatio))} % less than now (${Math.round(nowIntensityGramsCO2ePerKwh)}).`;
}

export interface StatusInput {
  readonly factor: CarbonFactor;
  readonly price: Price | null;
  readonly settings: Settings;
  readonly grid: GridStatus;
  readonly providers: readonly GridProviderDescriptor[];
  readonly nowMs: number;
}

/** What `wattrun carbon` says. */
export function statusText({ factor, price, settings, grid, providers, nowMs }: StatusInput): string {
  const year = factor.intensityYear === null ? '' : ` ${factor.intensityYear}`;
  const provider = providers.find(({ id }) => id === grid.provider)?.label ?? grid.provider;
  const market = settings.marketIntensityGramsCO2ePerKwh;
  return [
    `${label('Now')}${factor.intensityGramsCO2ePerKwh} g CO2e/kWh, ${plainText(factor.regionName)}${year}, PUE ${factor.pue}`,
    ...(factor.intensitySource === factor.regionName ? [] : [`${label('')}${plainText(factor.intensitySource)}`]),
    ...(market === null
      ? []
      : [`${label('Contract')}${market} g CO2e/kWh, ${plainText(settings.marketSource)} (market-based, beside it)`]),
    `${label('Price')}${price === null ? 'none' : `${price.pricePerKwh} ${price.currency}/kWh`}${settings.tariffBands.length + settings.tariffPeriods.length > 0 ? ' now, by tariff' : ''}`,
    ...(grid.provider === null
      ? [`${label('Live grid')}off: nothing is asked of anyone. Turn it on: wattrun carbon use gb-carbon-intensity`]
      : [`${label('Live grid')}${provider}, ${grid.state}${ageText(grid, nowMs)}`]),
    ...(grid.problem === null ? [] : [`${label('')}${plainText(grid.problem.message)}`]),
    ...grid.cleanerHours.filter(({ hours }) => hours === 4).map((hint) => `${label('')}${cleanerText(hint)}`),
  ].join('\n');
}

/** ', as of 3 h ago; using the table’s factor since Thu 09:00'. */
function ageText({ newest, fallbackSinceMs }: GridStatus, nowMs: number): string {
  if (newest === null) return '; no reading yet, the table’s factor counts';
  if (fallbackSinceMs === null)
    return `; ${newest.kind}${newest.isEstimated ? ', estimated' : ''}, ${momentText(newest.fromMs)} to ${momentText(newest.toMs)}`;
  const age = durationText(Math.max(0, secondsFromMs(nowMs - newest.toMs)));
  return `; as of ${age} ago; using the table’s factor since ${momentText(fallbackSinceMs)}`;
}
