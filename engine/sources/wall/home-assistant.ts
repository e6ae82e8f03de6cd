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
};
const joulesOf: Readonly<Record<string, (value: number) => number>> = {
  Wh: joulesFromWattHours,
  kWh: joulesFromKwh,
  MWh: (value) => joulesFromKwh(value * kilo),
};

/** A counter alone that steps by more than this would show a machine's draw as rare spikes. */
const coarsestStepJoules = 100;

/**
 * `{"entity_id":"sensor.plug_power","state":"87.4","attributes":{"unit_of_measurement":"W",…},…}`. A state is text: 'unavailable' and 'unknown'
 * stand in a number's place. Energy is taken where its last digit is fine enough.
 */
export function parseHomeAssistant(body: unknown): WallParse {
  const entity = stateSchema.safeParse(body);
  if (!entity.success)
    return missing('invalid', 'The answer is not the state of an entity with a unit: is it a power sensor?');
  const { state } = entity.data;
  const unit = entity.data.attributes.unit_of_measurement;
  const digits = /^-?\d{1,15}(?:\.(\d{1,15}))?$/.exec(state.trim());
  if (digits === null)
    return missing('no-reading', `Home Assistant has no number for it now: '${state.slice(0, 40)}'.`);
  const value = Number(state);
  const toWatts = Object.hasOwn(wattsOf, unit) ? wattsOf[unit] : undefined;
  if (toWatts !== undefined) return sampleOf(toWatts(value));
  const toJoules = Object.hasOwn(joulesOf, unit) ? joulesOf[unit] : undefined;
  if (toJoules === undefined) return missing('invalid', `Its unit is '${unit}': not W, kW, Wh or kWh.`);
  const stepJoules = toJoules(10 ** -(digits[1]?.length ?? 0));
  if (stepJoules > coarsestStepJoules)
    return missing(
      'no-reading',
      `It counts energy in steps of ${Math.round(stepJoules)} J: name the plug's power sensor.`,
    );
  if (value < 0) return missing('invalid', 'Its energy is below zero.');
  return {
    kind: 'sample',
    sample: { powerWatts: null, counterJoules: toJoules(value), counterStepJoules: stepJoules },
  };
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
