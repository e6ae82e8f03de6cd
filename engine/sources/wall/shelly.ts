import { z } from 'zod';
import { joulesFromWattHours } from '../../../shared/units.ts';
import { channelOf, missing, otherDevice, sampleOf, type WallDialect, type WallParse } from './dialect.ts';

/** Switch and PM1 alike: `{"id":0,…,"apower":106.3,…,"aenergy":{"total":267.813,…}}`, watts and watt-hours. */
const componentSchema = z.object({
  apower: z.number(),
  aenergy: z.object({ total: z.number().nonnegative() }).optional().catch(undefined),
});

/** Watt-hours with three decimals: 3.6 J. */
const counterStepWattHours = 0.001;

export function parseShellyComponent(body: unknown): WallParse {
  const status = componentSchema.safeParse(body);
  // A relay beside clamps: the Pro EM has a switch, and measures elsewhere.
  if (!status.success)
    return { ...missing('invalid', 'The answer has no apower: this channel does not measure.'), isElsewhere: true };
  const { apower, aenergy } = status.data;
  const counter =
    aenergy === undefined
      ? null
      : { joules: joulesFromWattHours(aenergy.total), stepJoules: joulesFromWattHours(counterStepWattHours) };
  return sampleOf(apower, counter);
}

/** Clamps one by one (EM1 of Pro EM, EM Gen3 and later): `{"id":0,"voltage":230.1,"current":0.5,"act_power":107.4,…}`. Their energy is asked for elsewhere. */
const clampSchema = z.object({ act_power: z.number() });

export function parseShellyClamp(body: unknown): WallParse {
  const status = clampSchema.safeParse(body);
  if (!status.success) return missing('invalid', 'The answer has no act_power: this clamp tells nothing now.');
  return sampleOf(status.data.act_power);
}

/** The phases of a Pro 3EM, channels 0 to 2. */
const phases = ['a', 'b', 'c'] as const;

/** Three phases in one answer (EM): `{"id":0,"a_act_power":107.4,…,"b_act_power":…,"c_act_power":…,"total_act_power":…}`. */
export function parseShellyPhases(body: unknown, channel: number): WallParse {
  const phase = phases[channel];
  if (phase === undefined) return missing('invalid', `This Shelly has three phases, and no channel ${channel}.`);
  const status = z.looseObject({}).safeParse(body);
  const power = status.success ? status.data[`${phase}_act_power`] : null;
  if (typeof power !== 'number' || !Number.isFinite(power))
    return missing('invalid', `The answer has no ${phase}_act_power: this phase tells nothing now.`);
  return sampleOf(power);
}

const channelSchema = z.object({ power: z.number(), is_valid: z.boolean().optional() });
const statusSchema = z.object({
  meters: z.array(z.unknown()).optional().catch(undefined),
  emeters: z.array(z.unknown()).optional().catch(undefined),
});

/**
 * First generation: `{"meters":[{"power":4.55,"is_valid":true,"total":102,…}]}`, or `emeters` of a Shelly EM. `total` is in whole watt-minutes
 * (60 J), and in whole minutes by some firmware: too coarse to count with, so power alone is taken.
 */
export function parseShellyStatus(body: unknown, channel: number): WallParse {
  const status = statusSchema.safeParse(body);
  const channels = status.success ? (status.data.emeters ?? status.data.meters) : undefined;
  if (channels === undefined) return missing('invalid', 'The answer has no meters: not a Shelly that measures.');
  const found = channelSchema.safeParse(channels[channel]);
  if (!found.success) return missing('invalid', `This Shelly has no channel ${channel} that measures.`);
  if (found.data.is_valid === false) return missing('invalid', 'The Shelly marks its own reading as not valid.');
  return sampleOf(found.data.power);
}

export const shelly: WallDialect = {
  label: 'Shelly',
  error: { lowRatio: 0.98, highRatio: 1.02, offsetWatts: 1 },
  whenUnknown: otherDevice('Shelly'),
  questions(meter) {
    const channel = channelOf(meter);
    if (channel === null) return { problem: 'A Shelly channel is a number: 0, 1 …' };
    return [
      { path: `/rpc/Switch.GetStatus?id=${channel}`, headers: {}, parse: parseShellyComponent },
      // Plugs that only measure (Plug PM, PM Mini).
      { path: `/rpc/PM1.GetStatus?id=${channel}`, headers: {}, parse: parseShellyComponent },
      { path: '/status', headers: {}, parse: (body) => parseShellyStatus(body, channel) },
      { path: `/rpc/EM1.GetStatus?id=${channel}`, headers: {}, parse: parseShellyClamp },
      { path: '/rpc/EM.GetStatus?id=0', headers: {}, parse: (body) => parseShellyPhases(body, channel) },
    ];
  },
};
