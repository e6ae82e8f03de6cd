import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Client, RequestOptions } from '../../shared/contract/client.ts';
import type { EventName, EventPayload, Payload, RequestName, Result } from '../../shared/contract/contract.ts';
import type { EngineContract, EngineDescription } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { HostContract } from '../../shared/contract/host-contract.ts';
import type { LiveState } from '../../shared/model/live.ts';
import type { Settings } from '../../shared/model/settings.ts';
import type { EngineWords } from '../../shared/words/engine-text.ts';
import { engineWordsOf } from '../i18n/i18n.ts';
import { answerIn, localise } from '../i18n/localise.ts';
import type { ConnectionState, EngineConnection, EngineState } from './engine-connection.ts';

const ConnectionContext = createContext<EngineConnection | null>(null);

export function ConnectionProvider(props: { readonly connection: EngineConnection; readonly children: ReactNode }) {
  return <ConnectionContext value={props.connection}>{props.children}</ConnectionContext>;
}

function useConnectionObject(): EngineConnection {
  const connection = useContext(ConnectionContext);
  if (connection === null) throw new Error('A view is drawn outside its ConnectionProvider.');
  return connection;
}

/** Any part of the engine's state; the view is drawn anew only when that part changes. */
export function useEngineState<T>(select: (state: EngineState) => T): T {
  const words = engineWordsOf(useTranslation().i18n);
  return useStore(useConnectionObject().store, (state) => select(words === null ? state : stateIn(state, words)));
}

const localLives = new WeakMap<EngineWords, WeakMap<LiveState, LiveState>>();

/** The state with the engine's own texts in another language; each reading is gone through once. */
function stateIn(state: EngineState, words: EngineWords): EngineState {
  if (state.live === null) return state;
  const lives = localLives.get(words) ?? new WeakMap<LiveState, LiveState>();
  localLives.set(words, lives);
  const live = lives.get(state.live) ?? localise(state.live, words);
  lives.set(state.live, live);
  return { ...state, live };
}

/** The newest reading of everything, at most four a second; null until the first. */
export const useLive = (): LiveState | null => useEngineState((state) => state.live);
/** Time between two readings as it is set now; 1 s until the engine has told. */
export const usePeriodSeconds = (): number => useEngineState((state) => state.live?.periodSeconds ?? 1);
/** Null until the engine answered once. */
export const useSettings = (): Settings | null => useEngineState((state) => state.settings);
/** The desktop shell; null in a browser, where its buttons are not shown. */
export const useHost = (): Client<HostContract> | null => useEngineState((state) => state.host);
export const useConnection = (): ConnectionState => useEngineState((state) => state.connection);

export interface Engine {
  readonly description: EngineDescription | null;
  readonly status: ConnectionState['status'];
  readonly request: EngineRequest;
  /** Listens while connected; wrap it in an effect. */
  readonly client: Client<EngineContract> | null;
  readonly tryNow: () => void;
}

export type EngineRequest = <K extends RequestName<EngineContract>>(
  name: K,
  payload: Payload<EngineContract, K>,
  options?: RequestOptions,
) => Promise<Result<EngineContract, K>>;
export type EngineEvent = EventName<EngineContract>;
export type EngineEventPayload<K extends EngineEvent> = EventPayload<EngineContract, K>;

/** The engine to ask. `request` rejects with a WattrunError, 'engine/unreachable' while there is no connection. */
export function useEngine(): Engine {
  const connection = useConnectionObject();
  const description = useEngineState((state) => state.description);
  const client = useEngineState((state) => state.client);
  const status = useEngineState((state) => state.connection.status);
  const words = engineWordsOf(useTranslation().i18n);
  const request: EngineRequest = useCallback(
    async (name, payload, options) => {
      const current = connection.store.getState().client;
      if (current === null) throw new WattrunError('engine/unreachable', 'Engine not answering.');
      if (words === null) return current.request(name, payload, options);
      return current.request(name, payload, options).then(
        (answer) => answerIn(name, answer, words),
        (error: unknown) => {
          throw error instanceof WattrunError ? errorIn(error, words) : error;
        },
      );
    },
    [connection, words],
  );
  return { description, status, request, client, tryNow: connection.tryNow };
}

/** Hears an event of the engine while connected, with the engine's own texts in the page's language. */
export function useEngineEvent<K extends EngineEvent>(
  name: K,
  listener: (payload: EngineEventPayload<K>) => void,
): void {
  const client = useEngineState((state) => state.client);
  const words = engineWordsOf(useTranslation().i18n);
  const latest = useRef({ listener, words });
  latest.current = { listener, words };
  useEffect(
    () =>
      client?.on(name, (payload) => {
        const { listener: hear, words: own } = latest.current;
        hear(own === null ? payload : localise(payload, own));
      }),
    [client, name],
  );
}

function errorIn(error: WattrunError, words: EngineWords): WattrunError {
  const told = words.text(error.message);
  const message = told === error.message ? (words.lookup(`error.${error.code}`) ?? told) : told;
  return new WattrunError(error.code, message, error.hint);
}

/** Copies through the shell where there is one, else through the browser. */
export function useCopyText(): (text: string) => Promise<void> {
  const host = useHost();
  return useCallback(
    async (text: string) => {
      if (host === null) await navigator.clipboard.writeText(text);
      else await host.request('host.copyText', { text });
    },
    [host],
  );
}
