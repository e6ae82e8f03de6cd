import { type Client, connectContract } from '../../shared/contract/client.ts';
import { type EngineContract, engineContract } from '../../shared/contract/engine-contract.ts';
import { type HostContract, hostContract } from '../../shared/contract/host-contract.ts';
import { type Session, serveContract } from '../../shared/contract/server.ts';
import type { Transport } from '../../shared/contract/transport.ts';
import type { LiveState } from '../../shared/model/live.ts';
import type { EngineLink } from './engine-link.ts';
import { createHostEnd, type HostOptions } from './host-handlers.ts';
import { shareSession } from './shared-session.ts';

export interface PageSessionsOptions extends Omit<HostOptions, 'engine' | 'onExportProgress'> {
  readonly link: EngineLink;
  /** What a page sees while it is in the simulated server; null once it is not. */
  readonly onSimulated: (live: LiveState | null) => void;
  readonly log: (message: string) => void;
}

export interface PageSessions {
  /** Connects a page: its engine messages go to a session of its own, its host messages are answered here. */
  add(page: Transport): void;
  navigate(path: string): void;
  /** Whether a page listens, so that it can be sent somewhere. */
  hasPage(): boolean;
}

export function createPageSessions(options: PageSessionsOptions): PageSessions {
  const { link, log } = options;
  const sessions = new Set<Session<HostContract>>();

  function add(page: Transport): void {
    const shared = shareSession(link.open());
    const engine: Client<EngineContract> = connectContract(engineContract, shared.own);
    page.onMessage(shared.page.send);
    shared.page.onMessage(page.send);
    const host = createHostEnd({
      ...options,
      engine,
      onExportProgress: (progress) => session.emit('host.exportProgress', progress),
    });
    const session = serveContract({
      contract: hostContract,
      handlers: host.handlers,
      transport: page,
      onBug: (error, name) => log(`${name}: ${error instanceof Error ? error.stack : String(error)}`),
    });
    sessions.add(session);
    const stopConnection = link.onConnected((isConnected) => session.emit('host.engine', { isConnected }));
    const stopSimulated = followSimulated(engine, options.onSimulated);
    page.onClose(() => {
      sessions.delete(session);
      stopConnection();
      stopSimulated();
      session.close();
      host.close();
      engine.close();
    });
  }

  return {
    add,
    navigate(path) {
      for (const session of sessions) session.emit('host.navigate', { path });
    },
    hasPage: () => sessions.size > 0,
  };
}

function followSimulated(engine: Client<EngineContract>, onSimulated: PageSessionsOptions['onSimulated']): () => void {
  let isSimulated = false;
  const set = (next: boolean): void => {
    if (isSimulated && !next) onSimulated(null);
    isSimulated = next;
  };
  engine.on('engine.changed', (description) => set(description.isSimulated));
  engine.on('live.changed', (live) => {
    if (isSimulated && live.isSimulated) onSimulated(live);
  });
  return () => set(false);
}
