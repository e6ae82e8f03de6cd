import { chooseFields } from './parse-field-help.ts';

/**
 * What is asked of every GPU each period, in this order: names of one value, newest first. `name` is free text and stays last. Drivers before 535 know the
 * event reasons as throttle reasons; those before 530 have one kind of power.
 */
export const wantedFields: readonly (readonly string[])[] = [
  ['timestamp'],
  ['uuid'],
  ['index'],
  ['pci.bus_id'],
  ['power.draw'],
  ['power.draw.average'],
  ['power.draw.instant'],
  ['enforced.power.limit'],
  ['power.limit'],
  ['utilization.gpu'],
  ['memory.used'],
  ['memory.total'],
  ['temperature.gpu'],
  ['clocks.sm'],
  ['clocks.mem'],
  ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'],
  ['clocks_event_reasons_counters.sw_power_cap'],
  ['clocks_event_reasons_counters.sw_thermal_slowdown'],
  ['clocks_event_reasons_counters.hw_thermal_slowdown'],
  ['clocks_event_reasons_counters.hw_power_brake_slowdown'],
  ['mig.mode.current'],
  ['driver_model.current'],
  ['display_active'],
  ['name'],
];

/** What every driver since 340 knows: asked for where one goes on refusing fields and does not say what it knows. */
const plainFields: ReadonlySet<string> = new Set([
  'timestamp',
  'uuid',
  'index',
  'pci.bus_id',
  'power.draw',
  'power.limit',
  'utilization.gpu',
  'memory.used',
  'memory.total',
  'temperature.gpu',
  'clocks.sm',
  'name',
]);

/** So many refusals are met one by one; each costs a start of the tool, which may be seconds. */
const mostRefusals = 1;

/** Power alone, for a sensor that has to be asked more often than everything else is. */
export const wantedPowerFields: readonly (readonly string[])[] = [
  ['timestamp'],
  ['power.draw.instant', 'power.draw'],
  ['uuid'],
];

/** The first try, before the driver has told what it knows: every value by its newest name. */
export const firstFields = (wanted: readonly (readonly string[])[]): readonly string[] =>
  wanted.flatMap((names) => names.slice(0, 1));

/** What a driver that has said what it knows can be asked for beyond `fields`. */
export const isMoreKnown = (
  wanted: readonly (readonly string[])[],
  fields: readonly string[],
  known: ReadonlySet<string>,
): boolean => chooseFields(wanted, known).length > fields.length;
/**
 * The next try after the driver refused a field: all that it says it knows; where it has not said, the same without that field or with the field's older
 * name, and at the next refusal only what all drivers know. `known` is empty until it has said; `refusals` were there before this one.
 */
export function fieldsAfterRefusal(
  wanted: readonly (readonly string[])[],
  fields: readonly string[],
  refusal: { readonly field: string; readonly known: ReadonlySet<string>; readonly refusals: number },
): readonly string[] {
  const { field: refused, known, refusals } = refusal;
  const chosen = chooseFields(wanted, known);
  // A driver that lists a field and refuses it all the same is believed in the refusal.
  if (chosen.includes('uuid') && !chosen.includes(refused)) return chosen;
  const plain = fields.filter((field) => field !== refused && plainFields.has(field));
  // A plain one refused too: there is nothing plainer to fall back on.
  const isPlain = fields.every((field) => plainFields.has(field));
  if (refusals >= mostRefusals && !isPlain) return plain;
  return fields.flatMap((field) => {
    if (field !== refused) return [field];
    const names = wanted.find((one) => one.includes(field)) ?? [];
    return names.slice(names.indexOf(field) + 1, names.indexOf(field) + 2);
  });
}
