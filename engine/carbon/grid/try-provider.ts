import type { GridProviderId, GridStatus } from '../../../shared/model/carbon.ts';
import type { Settings, SettingsPatch } from '../../../shared/model/settings.ts';
import type { GridTokens } from './grid-tokens.ts';

/** What says who is asked, and for what. */
export type GridSettings = Pick<Settings, 'gridProvider' | 'gridZone' | 'gridCsvPath' | 'gridUrl'>;

export interface ProviderTrial {
  /** What the grid is asked by for as long as it is tried; null: the settings again. Held in memory alone. */
  readonly hold: (tried: GridSettings | null) => void;
  readonly changeSettings: (patch: SettingsPatch) => Settings;
  readonly tokens: GridTokens;
  readonly tryNow: (isNewToken: boolean) => Promise<GridStatus>;
}

export interface ProviderChoice {
  readonly provider: GridProviderId;
  readonly zone: string | null;
  readonly csvPath: string | null;
  readonly url: string | null;
  /** null: the one that is kept. */
  readonly token: string | null;
}

/**
 * Asks a provider, and turns it on if it answers. Nothing is written before that: where it gives a problem, or whoever asks is ended meanwhile, settings and
 * token are what they were. The status is of what was tried.
 */
export async function tryProvider(trial: ProviderTrial, choice: ProviderChoice): Promise<GridStatus> {
  const { hold, tokens } = trial;
  const { provider, token } = choice;
  const tried: GridSettings = {
    gridProvider: provider,
    gridZone: choice.zone,
    gridCsvPath: choice.csvPath,
    gridUrl: choice.url,
  };
  hold(tried);
  if (token !== null) tokens.hold(provider, token);
  try {
    const status = await trial.tryNow(token !== null);
    if (status.problem === null) {
      if (token !== null) tokens.write(provider, token);
      trial.changeSettings(tried);
    }
    return status;
  } finally {
    tokens.hold(provider, null);
    hold(null);
  }
}
