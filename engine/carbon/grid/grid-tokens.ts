import type { GridProviderId } from '../../../shared/model/carbon.ts';
import type { LearnedFacts } from '../../sources/source.ts';

const variables: Readonly<Partial<Record<GridProviderId, string>>> = {
  'electricity-maps': 'WATTRUN_ELECTRICITY_MAPS_TOKEN',
  'entso-e': 'WATTRUN_ENTSOE_TOKEN',
};

/** Tokens of grid providers: written, used and never read back by anyone outside the engine. An environment variable goes before what is kept. */
export interface GridTokens {
  read(provider: GridProviderId): string | null;
  /** One that is tried goes before the one that is kept, and is written nowhere; null: no longer. */
  hold(provider: GridProviderId, token: string | null): void;
  /** null: forgotten. */
  write(provider: GridProviderId, token: string | null): void;
}

export function createGridTokens(
  learned: LearnedFacts,
  environment: Readonly<Record<string, string | undefined>>,
): GridTokens {
  const key = (provider: GridProviderId): string => `grid.token.${provider}`;
  const held = new Map<GridProviderId, string>();
  function kept(provider: GridProviderId): string | null {
    const token = learned.read(key(provider));
    return typeof token === 'string' && token !== '' ? token : null;
  }
  return {
    read(provider) {
      const given = environment[variables[provider] ?? ''];
      return given !== undefined && given !== '' ? given : (held.get(provider) ?? kept(provider));
    },
    hold(provider, token) {
      if (token === null) held.delete(provider);
      else held.set(provider, token);
    },
    write: (provider, token) => learned.write(key(provider), token ?? ''),
  };
}
