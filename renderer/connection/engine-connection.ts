import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Client, connectContract } from '../../shared/contract/client.ts';
import { type EngineContract, type EngineDescription, engineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import { type HostContract, hostContract } from '../../shared/contract/host-contract.ts';
import type { Transport } from '../../shared/contract/transport.ts';
import type { LiveState } from '../../shared/model/live.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { msFromSeconds } from '../../shared/units.ts';

export interface ConnectionState {
  readonly status: 'connecting' | 'connected' | 'lost';
  readonly sinceMs: number;
  readonly nextTryAtMs: number | null;
  /** Lost, and an engine answers there that does not know this page: one with a token of its own was started in its place. */
  readonly isRefused: boolean;
}

/** All that the views read. `epoch` grows whenever another engine, or the same one anew, answers: read everything again. */
export interface EngineState {
  readonly connection: ConnectionState;
  readonly client: Client<EngineContract> | null;
  readonly host: Client<HostContract> | null;
  readonly description: EngineDescription | null;
  readonly live: LiveState | null;
  readonly settings: Settings | null;
  readonly epoch: number;
}

export interface EngineConnection {
  readonly store: StoreApi<EngineState>;
  tryNow(): void;
  close(): void;
}

export interface ConnectionOptions {
  /** Opens one transport to the engine; rejects where none answers, with 'host/refused' where one does that does not let this page in. */
  readonly open: (signal: AbortSignal) => Promise<Transport>;
  /** The desktop shell's own contract, where there is a shell. */
  readonly host: Client<HostContract> | null;
  readonly now?: () => number;
}

const backOffSeconds = [1, 2, 4, 8] as const;
/** Silence that counts as lost: longer than any pause of a sampler that is alive. */
const silenceSeconds = 6;

/** Keeps one connection to the engine alive, with back-off, and the newest state of it in one store. */
export function connectEngine(options: ConnectionOptions): EngineConnection {
  const now = options.now ?? Date.now;
  const store = createStore<EngineState>(() => ({
    connection: { status: 'connecting', sinceMs: now(), nextTryAtMs: null, isRefused: false },
    client: null,
    host: options.host,
    description: null,
    live: null,
    settings: null,
    epoch: 0,
  }));
  const closing = new AbortController();
  let attempts = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let lastHeardMs = performance.now();

  function lose(client: Client<EngineContract> | null, isRefused = false): void {
    if (closing.signal.aborted || client !== store.getState().client) return;
    const delayMs = msFromSeconds(backOffSeconds[Math.min(attempts, backOffSeconds.length - 1)] ?? 8);
    attempts += 1;
    const { connection } = store.getState();
    const sinceMs = connection.status === 'lost' ? connection.sinceMs : now();
    const nextTryAtMs = now() + delayMs;
    store.setState({ client: null, connection: { status: 'lost', sinceMs, nextTryAtMs, isRefused } });
    client?.close();
    clearTimeout(retryTimer);
    retryTimer = setTimeout(() => void attempt(), delayMs);
  }

  async function attempt(): Promise<void> {
    clearTimeout(retryTimer);
    let client: Client<EngineContract> | null = null;
    try {
      const transport = await options.open(closing.signal);
      if (closing.signal.aborted) return transport.close();
      client = connectContract(engineContract, transport);
      await adopt(client);
    } catch (error) {
      // Whatever the reason, it is tried again later: the page is let in once the engine's new address was opened in another one.
      client?.close();
      lose(store.getState().client, error instanceof WattrunError && error.code === 'host/refused');
    }
  }

  async function adopt(client: Client<EngineContract>): Promise<void> {
    client.on('live.changed', (live) => {
      lastHeardMs = performance.now();
      store.setState({ live });
    });
    client.on('settings.changed', (settings) => store.setState({ settings }));
    client.on('engine.changed', () => void readAll(client).catch(() => lose(client)));
    await readAll(client);
    client.onClose(() => lose(client));
    attempts = 0;
    store.setState({
      client,
      connection: { status: 'connected', sinceMs: now(), nextTryAtMs: null, isRefused: false },
    });
  }

  async function readAll(client: Client<EngineContract>): Promise<void> {
    const limit = { timeoutMs: msFromSeconds(silenceSeconds) };
    const [description, live, settings] = await Promise.all([
      client.request('engine.describe', {}, limit),
      client.request('live.read', {}, limit),
      client.request('settings.read', {}, limit),
    ]);
    lastHeardMs = performance.now();
    store.setState((state) => ({ description, live, settings, epoch: state.epoch + 1 }));
  }

  const silenceTimer = setInterval(() => {
    const { client, live, connection } = store.getState();
    if (client === null || connection.status !== 'connected') return;
    const allowedMs = msFromSeconds(Math.max(silenceSeconds, 3 * (live?.periodSeconds ?? 1)));
    if (performance.now() - lastHeardMs > allowedMs) lose(client);
  }, msFromSeconds(1));
  const stopHost = options.host?.on('host.engine', ({ isConnected }) => {
    if (isConnected) void attempt();
    else lose(store.getState().client);
  });
  void attempt();

  return {
    store,
    tryNow() {
      if (store.getState().connection.status !== 'connected') void attempt();
    },
    close() {
      closing.abort();
      clearTimeout(retryTimer);
      clearInterval(silenceTimer);
      stopHost?.();
      store.getState().client?.close();
    },
  };
}

/** The host's contract over the same pipe; null in a browser. */
export function connectHost(transport: Transport | null): Client<HostContract> | null {
  return transport === null ? null : connectContract(hostContract, transport);
}
