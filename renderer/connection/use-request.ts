import { useCallback, useEffect, useRef, useState } from 'react';
import type { Payload, RequestName, Result } from '../../shared/contract/contract.ts';
import type { EngineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import { type EngineEvent, useEngine, useEngineState } from './connection-context.tsx';

export interface Asked<T> {
  /** The last good answer; it stays while a newer one is on its way and when that fails. */
  readonly data: T | null;
  readonly error: WattrunError | null;
  readonly isLoading: boolean;
  readonly retry: () => void;
}

export interface AskOptions {
  /** Asks again on these events, at most every 250 ms. */
  readonly refreshOn?: readonly EngineEvent[];
  /** False: ask nothing yet. */
  readonly isEnabled?: boolean;
}

const refreshDelayMs = 250;

/** One request to the engine, asked again when its payload, the engine or one of the events changes. */
export function useRequest<K extends RequestName<EngineContract>>(
  name: K,
  payload: Payload<EngineContract, K>,
  options: AskOptions = {},
): Asked<Result<EngineContract, K>> {
  const { refreshOn = [], isEnabled = true } = options;
  const { request, client } = useEngine();
  const epoch = useEngineState((state) => state.epoch);
  const [turn, setTurn] = useState(0);
  const [answer, setAnswer] = useState<Answer<Result<EngineContract, K>>>({ data: null, error: null, isLoading: true });
  const payloadText = JSON.stringify(payload);
  const latestPayload = useRef(payload);
  latestPayload.current = payload;
  const retry = useCallback(() => setTurn((before) => before + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the payload's text, the engine's epoch and the turn are what it follows
  useEffect(() => {
    if (!isEnabled || client === null) return;
    let isCurrent = true;
    setAnswer((before) => ({ ...before, isLoading: true }));
    request(name, latestPayload.current).then(
      (data) => isCurrent && setAnswer({ data, error: null, isLoading: false }),
      (error: unknown) =>
        isCurrent && setAnswer((before) => ({ data: before.data, error: wattrunError(error), isLoading: false })),
    );
    return () => {
      isCurrent = false;
    };
  }, [request, client, name, payloadText, isEnabled, epoch, turn]);

  const eventsText = refreshOn.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the events' names are what it follows, not their array
  useEffect(() => {
    if (client === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        retry();
      }, refreshDelayMs);
    };
    const stops = refreshOn.map((event) => client.on(event, later));
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [client, eventsText, retry]);

  return { ...answer, retry };
}

interface Answer<T> {
  readonly data: T | null;
  readonly error: WattrunError | null;
  readonly isLoading: boolean;
}

export function wattrunError(error: unknown): WattrunError {
  return error instanceof WattrunError ? error : new WattrunError('internal', String(error));
}
