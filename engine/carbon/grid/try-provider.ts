import type { GridProviderId, GridStatus } from '../../../shared/model/carbon.ts';
import type { Settings, SettingsPatch } from '../../../shared/model/settings.ts';
import type { GridTokens } from './grid-tokens.ts';

export interface ProviderTrial {
  readonly settings: () => Settings;
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

/** Turns a provider on and asks it. Where that gives a problem, settings and token are what they were before, and the status is of what was tried. */
export async function tryProvider(trial: ProviderTrial, choice: ProviderChoice): Promise<GridStatus> {
  const { settings, changeSettings, tokens } = trial;
  const { provider, token } = choice;
  const { gridProvider, gridZone, gridCsvPath, gridUrl } = settings();
  const keptToken = tokens.kept(provider);
  function putBack(): void {
    if (token !== null) tokens.write(provider, keptToken);
    changeSettings({ gridProvider, gridZone, gridCsvPath, gridUrl });
  }
  try {
    if (token !== null) tokens.write(provider, token);
    changeSettings({
      gridProvider: provider,
      gridZone: choice.zone,
      gridCsvPath: choice.csvPath,
      gridUrl: choice.url,
    });
    const status = await trial.tryNow(token !== null);
    if (status.problem !== null) putBack();
    return status;
  } catch (error) {
    putBack();
    throw error;
  }
}
