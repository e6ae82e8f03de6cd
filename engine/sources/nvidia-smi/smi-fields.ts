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
  ['name'],
];

/** Power alone, for a sensor that has to be asked more often than everything else is. */
export const wantedPowerFields: readonly (readonly string[])[] = [
  ['timestamp'],
  ['power.draw.instant', 'power.draw'],
  ['uuid'],
];

/** The first try, before the driver has told what it knows: every value by its newest name. */
export const firstFields = (wanted: readonly (readonly string[])[]): readonly string[] =>
  wanted.flatMap((names) => names.slice(0, 1));

/**
 * The next try after the driver refused a field: all that it says it knows; where it has not said, the same without that field or with the field's older
 * name. `known` is empty until it has said.
 */
export function fieldsAfterRefusal(
  wanted: readonly (readonly string[])[],
  fields: readonly string[],
  refusal: { readonly field: string; readonly known: ReadonlySet<string> },
): readonly string[] {
  const { field: refused, known } = refusal;
  const chosen = chooseFields(wanted, known);
  // A driver that lists a field and refuses it all the same is believed in the refusal.
  if (chosen.includes('uuid') && !chosen.includes(refused)) return chosen;
  return fields.flatMap((field) => {
    if (field !== refused) return [field];
    const names = wanted.find((one) => one.includes(field)) ?? [];
    return names.slice(names.indexOf(field) + 1, names.indexOf(field) + 2);
  });
}
