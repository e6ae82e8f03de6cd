/** A prefix, not a conversion: steps from W to kW, g to kg, kWh to MWh. */
export const kilo = 1000;
