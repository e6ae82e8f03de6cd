import type { SettingsPatch } from '../../shared/model/settings.ts';
import { wattrunError } from '../connection/use-request.ts';

interface SettingsSaverOptions {
  readonly write: (patch: SettingsPatch) => Promise<unknown>;
  /** Null: what was asked for last is saved. */
  readonly onOutcome: (errorCode: string | null) => void;
}

/** Writes settings; what finds no engine waits for it. */
export function createSettingsSaver({ write, onOutcome }: SettingsSaverOptions) {
  let waiting: SettingsPatch | null = null;
  const save = (patch: SettingsPatch): void => {
    write(patch).then(
      () => onOutcome(null),
      (error: unknown) => {
        const { code } = wattrunError(error);
        // What was asked for since then counts.
        if (isUnanswered(code)) waiting = { ...patch, ...waiting };
        onOutcome(code);
      },
    );
  };
  return {
    save(patch: SettingsPatch): void {
      const whole = { ...waiting, ...patch };
      waiting = null;
      save(whole);
    },
    /** The engine is back. */
    resume(): void {
      if (waiting === null) return;
      const patch = waiting;
      waiting = null;
      save(patch);
    },
  };
}

/** Nobody was there to take it; whoever refuses it, does so again. */
const isUnanswered = (code: string): boolean => code === 'engine/unreachable' || code === 'contract/closed';
