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
  if (!status.success) return missing('invalid', 'The answer has no apower: this channel does not measure.');
  const { apower, aenergy } = status.data;
  const counter =
    aenergy === undefined
      ? null
      : { joules: joulesFromWattHours(aenergy.total), stepJoules: joulesFromWattHours(counterStepWattHours) };
  return sampleOf(apower, counter);
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
    ];
  },
};
