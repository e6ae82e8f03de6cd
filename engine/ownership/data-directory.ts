import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the record lives: WATTRUN_HOME, else the platform's place for an application's data. */
export function dataDirectory(
  environment: Readonly<Record<string, string | undefined>>,
  platform: string = process.platform,
): string {
  const override = environment.WATTRUN_HOME;
  if (override !== undefined && override !== '') return override;
  const home = homedir();
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'wattrun');
  if (platform === 'win32') return join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'wattrun');
  return join(environment.XDG_DATA_HOME || join(home, '.local', 'share'), 'wattrun');
}

export const recordPath = (directory: string): string => join(directory, 'wattrun.db');
