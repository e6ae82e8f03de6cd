import { z } from 'zod';
import { channelOf, missing, otherDevice, sampleOf, type WallDialect, type WallParse } from './dialect.ts';

const number = z.number();
const statusSchema = z.object({
  StatusSNS: z.object({
    // More than one channel or phase: a list.
    ENERGY: z.object({ Power: z.union([number, z.array(number)]) }),
  }),
});

/** In place of an answer, with status 200 before 8.2.3 (https://github.com/arendst/Tasmota/issues/8170); its words are in the device's language. */
const refusalSchema = z.object({ WARNING: z.string() });

/**
 * `{"StatusSNS":{"Time":…,"ENERGY":{"Total":3.705,…,"Power":26,…}}}`. `Total` has three decimals of a kWh, 3.6 kJ: too coarse to count with,
 * so power alone is taken.
 */
export function parseTasmota(body: unknown, channel: number): WallParse {
  const status = statusSchema.safeParse(body);
  if (!status.success && refusalSchema.safeParse(body).success)
    return missing('permission', 'This Tasmota asks for its password, or does not take the one in the settings.');
  if (!status.success)
    return missing('invalid', 'The answer has no StatusSNS.ENERGY.Power: not a Tasmota that measures.');
  const { Power } = status.data.StatusSNS.ENERGY;
  const powerWatts = typeof Power === 'number' ? (channel === 0 ? Power : undefined) : Power[channel];
  if (powerWatts === undefined) return missing('invalid', `This Tasmota has no channel ${channel}.`);
  return sampleOf(powerWatts);
}

export const tasmota: WallDialect = {
  label: 'Tasmota',
  error: { lowRatio: 0.97, highRatio: 1.03, offsetWatts: 2 },
  whenUnknown: otherDevice('Tasmota'),
  questions(meter) {
    const channel = channelOf(meter);
    if (channel === null) return { problem: 'A Tasmota channel is a number: 0, 1 …' };
    const login = meter.secret === null ? '' : `&user=admin&password=${encodeURIComponent(meter.secret)}`;
    return [{ path: `/cm?cmnd=Status%2010${login}`, headers: {}, parse: (body) => parseTasmota(body, channel) }];
  },
};
