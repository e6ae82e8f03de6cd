import { useCallback, useState } from 'react';
import type { SettingsPatch } from '../../shared/model/settings.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { wattrunError } from '../connection/use-request.ts';

export interface SettingsSaver {
  readonly save: (patch: SettingsPatch) => void;
  readonly errorCode: string | null;
}

/** Writes a setting as soon as it changes; what the engine then holds comes back by its own event. */
export function useSaveSettings(): SettingsSaver {
  const { request } = useEngine();
  const [errorCode, setErrorCode] = useState<string | null>(null);
  const save = useCallback(
    (patch: SettingsPatch) => {
      request('settings.write', patch).then(
        () => setErrorCode(null),
        (error: unknown) => setErrorCode(wattrunError(error).code),
      );
    },
    [request],
  );
  return { save, errorCode };
}
