import { z } from 'zod';
import {
  joulesFromKwh,
  joulesFromWattHours,
  kilo,
  wattsFromKilowatts,
  wattsFromMilliwatts,
} from '../../../shared/units.ts';
import { missing, sampleOf, type WallDialect, type WallParse } from './dialect.ts';

const stateSchema = z.object({
  state: z.string().max(100),
  attributes: z.object({ unit_of_measurement: z.string().max(20) }),
});

const wattsOf: Readonly<Record<string, (value: number) => number>> = {
  mW: wattsFromMilliwatts,
  W: (value) => value,
  kW: wattsFromKilowatts,
  MW: (value) => wattsFromKilowatts(value * kilo),
};
const joulesOf: Readonly<Record<string, (value: number) => number>> = {
  J: (value) => value,
  kJ: (value) => value * kilo,
  MJ: (value) => value * kilo * kilo,
  mWh: (value) => joulesFromWattHours(value / kilo),
  Wh: joulesFromWattHours,
  kWh: joulesFromKwh,
  MWh: (value) => joulesFromKwh(value * kilo),
};

/** A number as Python writes it: `87.4`, `1e-05`, `0.30000000000000004`. */
const numberPattern = /^-?(\d{1,17})(?:\.(\d{1,20}))?(?:e([+-]?\d{1,2}))?$/;
/** More digits than this are binary fractions that were added up; meant are some fewer. */
const mostDigits = 15;
const meantDigits = 12;

/**
 * `{"entity_id":"sensor.plug_power","state":"87.4","attributes":{"unit_of_measurement":"W",…},…}`. A state is text: 'unavailable' and 'unknown'
 * stand in a number's place. What an energy's last digit is worth is its step, as far as this state tells: trailing zeros need not be written.
 */
export function parseHomeAssistant(body: unknown): WallParse {
  const entity = stateSchema.safeParse(body);
  if (!entity.success)
    return missing('invalid', 'The answer is not the state of an entity with a unit: is it a power sensor?');
  const { state } = entity.data;
  const unit = entity.data.attributes.unit_of_measurement;
  if (!numberPattern.test(state.trim()))
    return missing('failed', `Home Assistant has no number for it now: '${state.slice(0, 40)}'.`);
  const value = Number(state);
  const toWatts = Object.hasOwn(wattsOf, unit) ? wattsOf[unit] : undefined;
  if (toWatts !== undefined) return sampleOf(toWatts(value));
  const toJoules = Object.hasOwn(joulesOf, unit) ? joulesOf[unit] : undefined;
  if (toJoules === undefined) return missing('invalid', `Its unit is '${unit}': not W, kW, Wh or kWh.`);
  if (value < 0) return missing('invalid', 'Its energy is below zero.');
  return {
    kind: 'sample',
    sample: {
      powerWatts: null,
      counterJoules: toJoules(value),
      counterStepJoules: toJoules(lastDigitOf(state.trim())),
    },
  };
}

/** What one of a number's last decimal is worth: 0.001 for '12.345', 1 for '12'. */
function lastDigitOf(text: string): number {
  const [, whole = '', decimals = '', exponent = '0'] = numberPattern.exec(text) ?? [];
  const isNoisy = `${whole}${decimals}`.replace(/^0+/, '').length > mostDigits;
  if (isNoisy) return lastDigitOf(String(Number(Number(text).toPrecision(meantDigits))));
  return Math.min(1, 10 ** (Number(exponent) - decimals.length));
}

export const homeAssistant: WallDialect = {
  label: 'Home Assistant',
  error: { lowRatio: 0.97, highRatio: 1.03, offsetWatts: 2 },
  whenUnknown: (meter) => `Home Assistant has no entity '${meter.entity ?? ''}'.`,
  questions(meter) {
    if (meter.entity === null || !/^[a-z0-9_]+\.[a-z0-9_]+$/.test(meter.entity))
      return { problem: "Home Assistant needs the entity of the plug's power, like 'sensor.plug_power'." };
    if (meter.secret === null) return { problem: 'Home Assistant needs a long-lived access token.' };
    return [
      {
        path: `/api/states/${meter.entity}`,
        headers: { authorization: `Bearer ${meter.secret}` },
        parse: parseHomeAssistant,
      },
    ];
  },
};
