import { createContext, type ReactNode, useCallback, useContext } from 'react';
import { useStore } from 'zustand';
import type { Client, RequestOptions } from '../../shared/contract/client.ts';
import type { EventName, EventPayload, Payload, RequestName, Result } from '../../shared/contract/contract.ts';
import type { EngineContract, EngineDescription } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { HostContract } from '../../shared/contract/host-contract.ts';
import type { LiveState } from '../../shared/model/live.ts';
import type { Settings } from '../../shared/model/settings.ts';
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
  return useStore(useConnectionObject().store, select);
}

/** The newest reading of everything, at most four a second; null until the first. */
export const useLive = (): LiveState | null => useEngineState((state) => state.live);
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
  const request: EngineRequest = useCallback(
    (name, payload, options) => {
      const current = connection.store.getState().client;
      if (current === null) return Promise.reject(new WattrunError('engine/unreachable', 'Engine not answering.'));
      return current.request(name, payload, options);
    },
    [connection],
  );
  return { description, status, request, client, tryNow: connection.tryNow };
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
