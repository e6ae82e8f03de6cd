import { useEffect, useMemo, useRef, useState } from 'react';
import type { SettingsPatch } from '../../shared/model/settings.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { createSettingsSaver } from './settings-saver.ts';

export interface SettingsSaver {
  readonly save: (patch: SettingsPatch) => void;
  readonly errorCode: string | null;
}

/** Writes a setting as soon as it changes; what the engine then holds comes back by its own event. */
export function useSaveSettings(): SettingsSaver {
  const { request, client } = useEngine();
  const [errorCode, setErrorCode] = useState<string | null>(null);
  const newest = useRef(request);
  newest.current = request;
  const saver = useMemo(
    () => createSettingsSaver({ write: (patch) => newest.current('settings.write', patch), onOutcome: setErrorCode }),
    [],
  );
  useEffect(() => {
    if (client !== null) saver.resume();
  }, [client, saver]);
  return { save: saver.save, errorCode };
}
