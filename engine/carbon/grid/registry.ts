import type { GridProviderDescriptor, GridProviderId } from '../../../shared/model/carbon.ts';
import type { GridProvider } from './grid-provider.ts';
import { csvDescriptor } from './intensity-csv.ts';
import { electricityMaps } from './providers/electricity-maps.ts';
import { entsoE } from './providers/entso-e.ts';
import { gbCarbonIntensity } from './providers/gb-carbon-intensity.ts';

/** Who answers over HTTP. A new one is a file and a line. */
export const gridProviders: readonly GridProvider[] = [electricityMaps, gbCarbonIntensity, entsoE];

/** Those, and the user's own file. */
export const gridDescriptors: readonly GridProviderDescriptor[] = [
  ...gridProviders.map((provider) => provider.descriptor),
  csvDescriptor,
];

export const gridProviderOf = (id: GridProviderId): GridProvider | null =>
  gridProviders.find((provider) => provider.descriptor.id === id) ?? null;
