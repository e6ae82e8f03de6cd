import { create } from 'zustand';
import type { Settings } from '../../shared/model/settings.ts';

/** Whether somebody asked for the welcome once more. */
export const useWelcomeAgain = create<{ readonly isAsked: boolean }>(() => ({ isAsked: false }));

export const askWelcome = (): void => useWelcomeAgain.setState({ isAsked: true });
export const endWelcome = (): void => useWelcomeAgain.setState({ isAsked: false });

/** Once, over a record of this machine's own; again where it is asked for. Never before the settings are known. */
export function isWelcomeShown(settings: Settings | null, isSimulated: boolean, isAsked: boolean): boolean {
  if (settings === null || isSimulated) return false;
  return isAsked || !settings.isWelcomed;
}
