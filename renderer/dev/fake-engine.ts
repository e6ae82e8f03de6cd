import type { Handlers } from '../../shared/contract/contract.ts';
import { engineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import { createMemoryTransports } from '../../shared/contract/memory-transport.ts';
import { serveContract } from '../../shared/contract/server.ts';
import type { Transport } from '../../shared/contract/transport.ts';
import { defaultSettings } from '../../shared/model/settings.ts';
import { historyOf } from './fake-history.ts';
import { type FakeOptions, liveStateAt } from './fake-live.ts';

const scene = { startMs: Math.floor(Date.now() / 1000) * 1000 };

const refuse = (name: string) => (): never => {
  throw new WattrunError('contract/unknown', `The fake engine does not answer ${name}.`);
};

/** An engine of made-up numbers inside the page, for looking at the UI without a real one. */
export function openFakeEngine(options: FakeOptions): Transport {
  const [ours, theirs] = createMemoryTransports();
  const unanswered = Object.fromEntries(Object.keys(engineContract.requests).map((name) => [name, refuse(name)]));
  const handlers: Partial<Handlers<typeof engineContract>> = {
    'engine.describe': () => ({
      version: '0.1.0',
      pid: 4242,
      hostName: 'hgx-07',
      machine: 'Linux 6.1, 2 × Xeon 8480C, 2 TiB',
      hardware: options.scenario === 'empty' ? 'Xeon 8480C' : '8 × H100 SXM5',
      dataDirectory: '/home/kai/.local/share/wattrun',
      startedAtMs: scene.startMs,
      isSimulated: options.scenario === 'demo',
      canDemo: true,
    }),
    'live.read': () => liveStateAt(scene, Math.max(scene.startMs, Math.floor(Date.now() / 1000) * 1000), options),
    'history.query': (query) => historyOf(scene, query, options),
    'settings.read': () => defaultSettings,
    'runs.list': () => ({ runs: [], total: 0 }),
    'alerts.list': () => ({
      rules: [
        {
          id: 'rule1',
          kind: 'sustained-power',
          name: 'Power above 4.5 kW for 30 s',
          scope: { kind: 'machine' },
          scopeLabel: 'Whole machine',
          params: { limitWatts: 4500, holdSeconds: 30 },
          level: 'warning',
          isEnabled: true,
          createdAtMs: 0,
          status: {
            state: 'firing',
            sinceMs: scene.startMs - 31_000,
            value: 4542,
            lastFiredAtMs: scene.startMs - 31_000,
          },
        },
      ],
    }),
    'alerts.acknowledge': () => ({}),
    'alerts.snooze': () => ({}),
    'demo.enter': () => ({}),
    'demo.leave': () => ({}),
  };
  const session = serveContract({
    contract: engineContract,
    handlers: { ...unanswered, ...handlers } as Handlers<typeof engineContract>,
    transport: theirs,
    onBug: (error, name) => console.error(name, error),
  });
  const timer = setInterval(
    () => session.emit('live.changed', liveStateAt(scene, Math.floor(Date.now() / 1000) * 1000, options)),
    1000,
  );
  ours.onClose(() => {
    clearInterval(timer);
    session.close();
  });
  return ours;
}
