import type { Handlers } from '../../shared/contract/contract.ts';
import { type EngineContract, type EngineDescription, engineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import { type Session, serveContract } from '../../shared/contract/server.ts';
import type { Transport } from '../../shared/contract/transport.ts';
import type { Engine } from '../engine.ts';
import type { EngineEvent } from '../engine-parts.ts';

export interface SessionHubOptions {
  readonly engine: Engine;
  /** Makes the simulated server's engine when the first session asks for it; null: this hub has none to offer. */
  readonly openDemo: (() => Promise<Engine>) | null;
  readonly log: (message: string) => void;
}

/** Serves the contract to any number of transports; each session speaks to the real engine or to the simulated one. */
export interface SessionHub {
  serve(transport: Transport): void;
  close(): Promise<void>;
}

/** Live frames reach a session at most this often. */
const leastFrameGapMs = 240;

export function createSessionHub(options: SessionHubOptions): SessionHub {
  const sessions = new Set<() => void>();
  let demo: Promise<Engine> | null = null;

  function demoEngine(): Promise<Engine> {
    if (options.openDemo === null) throw new WattrunError('host/refused', 'There is no simulated server here.');
    demo ??= options.openDemo();
    return demo;
  }

  return {
    serve(transport) {
      let engine = options.engine;
      let unsubscribe = (): void => {};
      let lastFrameMs = 0;

      const description = async (): Promise<EngineDescription> => ({
        ...(await engine.handlers['engine.describe']({})),
        canDemo: options.openDemo !== null,
      });
      async function moveTo(next: Engine): Promise<void> {
        engine = next;
        unsubscribe();
        unsubscribe = next.onEvent(forward);
        session.emit('engine.changed', await description());
      }
      const session: Session<EngineContract> = serveContract({
        contract: engineContract,
        transport,
        handlers: new Proxy({} as Handlers<EngineContract>, {
          get(_target, name) {
            if (name === 'engine.describe') return description;
            if (name === 'demo.enter') return async () => moveTo(await demoEngine()).then(() => ({}));
            if (name === 'demo.leave') return async () => moveTo(options.engine).then(() => ({}));
            return engine.handlers[name as keyof Handlers<EngineContract>];
          },
        }),
        onBug: (error, name) => options.log(`${name}: ${error instanceof Error ? error.stack : String(error)}`),
      });
      function forward(event: EngineEvent): void {
        if (event.name === 'live.changed') {
          const nowMs = performance.now();
          if (nowMs - lastFrameMs < leastFrameGapMs) return;
          lastFrameMs = nowMs;
        }
        session.emit(event.name, event.payload as never);
      }
      const end = (): void => {
        unsubscribe();
        session.close();
        sessions.delete(end);
      };
      unsubscribe = engine.onEvent(forward);
      sessions.add(end);
      transport.onClose(end);
    },
    async close() {
      for (const end of [...sessions]) end();
      if (demo !== null) await (await demo).close();
    },
  };
}
