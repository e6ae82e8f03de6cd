/**
 * Life-cycle emissions of generation in g CO2e/kWh by ENTSO-E's production type (psrType): medians of IPCC AR5 WG III (2014), Annex III, Table A.III.2.
 * Oil is not in that table: 816, as codecarbon's carbon_intensity_per_source.json has it. Lignite counts as its 'coal, PC', which is low for it.
 */
export const generationFactors: Readonly<Record<string, number>> = {
  B01: 230, // biomass, dedicated
  B02: 820, // brown coal, lignite
  B04: 490, // gas, combined cycle
  B05: 820, // hard coal
  B06: 816, // oil
  B09: 38, // geothermal
  B11: 24, // run-of-river
  B12: 24, // reservoir
  B13: 17, // marine
  B14: 12, // nuclear
  B16: 48, // solar, utility
  B18: 12, // wind offshore
  B19: 11, // wind onshore
};

/** What gives back what the grid stored before: neither generation nor of a known origin. */
export const storageTypes: ReadonlySet<string> = new Set(['B10', 'B25']);
