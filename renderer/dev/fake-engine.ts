import type { Handlers } from '../../shared/contract/contract.ts';
import { engineContract } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import { createMemoryTransports } from '../../shared/contract/memory-transport.ts';
import { serveContract } from '../../shared/contract/server.ts';
import type { Transport } from '../../shared/contract/transport.ts';
import { type AlertLogEntry, alertEntryDefaults, defaultActions } from '../../shared/model/alert.ts';
import type { GridStatus } from '../../shared/model/carbon.ts';
import { defaultSettings, type Settings } from '../../shared/model/settings.ts';
import { createFakeCalibration } from './fake-calibration.ts';
import { historyOf } from './fake-history.ts';
import { type FakeOptions, liveStateAt } from './fake-live.ts';
import { fakeProjects } from './fake-projects.ts';
import { createFakeRecord } from './fake-runs.ts';
import { fakeSources } from './fake-sensors.ts';

const scene = { startMs: Math.floor(Date.now() / 1000) * 1000 };

const fakeLog = (startMs: number): AlertLogEntry[] =>
  [31_000, 5_400_000].map((agoMs, index) => ({
    ...alertEntryDefaults,
    value: 4542,
    peak: 4588,
    limit: 4500,
    id: `a${index + 1}`,
    ruleId: 'rule1',
    ruleName: 'Power above 4.5 kW for 30 s',
    level: 'warning',
    scopeLabel: 'Whole machine',
    firedAtMs: startMs - agoMs,
    clearedAtMs: index === 0 ? null : startMs - agoMs + 132_000,
    valueWatts: 4542,
    peakWatts: 4588,
    limitWatts: 4500,
    runIds: [],
    isTest: false,
    isAcknowledged: false,
    deliveries: [
      {
        to: 'notification',
        atMs: startMs - agoMs,
        isDelivered: index === 0,
        what: 'fired',
        destinationId: null,
        state: index === 0 ? 'delivered' : 'failed',
        attempts: 1,
        error: null,
        nextTryAtMs: null,
        isRefused: false,
      },
    ],
  }));

const fakeFigure = {
  year: 2023,
  intensityGramsCO2ePerKwh: 475,
  source: 'Ember',
  sourceUrl: null,
  licence: 'CC BY 4.0',
  method: 'lifecycle',
  note: null,
} as const;

const fakeRegion = {
  ...fakeFigure,
  code: 'WORLD',
  name: 'World',
  nameZh: '世界平均',
  scope: 'world',
  country: null,
  kind: 'average',
} as const;

const fakeGrid: GridStatus = {
  provider: null,
  series: null,
  state: 'off',
  hasToken: false,
  newest: null,
  current: null,
  fallbackSinceMs: null,
  lastAskedMs: null,
  nextAskMs: null,
  problem: null,
  cleanerHours: [],
};

const refuse = (name: string) => (): never => {
  throw new WattrunError('contract/unknown', `The fake engine does not answer ${name}.`);
};

/** An engine of made-up numbers inside the page, for looking at the UI without a real one. */
export function openFakeEngine(options: FakeOptions): Transport {
  const [ours, theirs] = createMemoryTransports();
  const unanswered = Object.fromEntries(Object.keys(engineContract.requests).map((name) => [name, refuse(name)]));
  const record = createFakeRecord(scene);
  let settings: Settings = {
    ...defaultSettings,
    isWelcomed: true,
    cpuRunPattern: options.scenario === 'training' ? 'python.*train\\.py' : null,
    wallMeters:
      options.scenario === 'training'
        ? [
            { name: 'rack-plug', kind: 'tasmota', url: 'http://192.168.1.20', entity: null, secret: null },
            { name: 'desk', kind: 'shelly', url: 'http://192.168.1.21', entity: null, secret: null },
          ]
        : [],
  };
  const calibration = createFakeCalibration(
    (status) => session.emit('calibration.changed', status),
    options.scenario === 'demo',
  );
  const changed = (runIds: string[]): void => session.emit('runs.changed', { runIds });
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
    'processes.read': () => ({ atMs: Date.now(), processes: [], untold: [] }),
    'history.query': (query) => historyOf(scene, query, options),
    'settings.read': () => settings,
    'settings.write': (patch) => {
      settings = { ...settings, ...(JSON.parse(JSON.stringify(patch)) as Partial<Settings>) };
      session.emit('settings.changed', settings);
      return settings;
    },
    'carbon.regions': () => ({ licence: 'CC BY 4.0', regions: [{ ...fakeRegion, figures: [fakeFigure] }] }),
    'carbon.providers': () => ({ providers: [] }),
    'carbon.status': () => fakeGrid,
    'carbon.fetch': () => fakeGrid,
    'carbon.use': () => fakeGrid,
    'carbon.setToken': ({ token }) => ({ hasToken: token !== null }),
    'carbon.readings': () => ({ points: [] }),
    'carbon.forecast': () => ({ points: [], cleaner: null }),
    'carbon.recompute': () => ({ unchanged: 1, changes: [] }),
    'runs.list': () => {
      const runs = options.scenario === 'empty' ? [] : [...record.list()];
      return { runs, total: runs.length };
    },
    'runs.read': ({ runId }) => record.read(runId),
    ...fakeProjects(() => (options.scenario === 'empty' ? [] : record.list())),
    'runs.update': ({ runId, name }) => {
      const updated = record.update(runId, name === undefined ? {} : { name });
      changed([runId]);
      return updated;
    },
    'runs.relabel': ({ labels }) => {
      for (const { runId, project, tags } of labels) record.update(runId, { project, tags });
      changed(labels.map(({ runId }) => runId));
      return { changed: labels.length };
    },
    'runs.delete': ({ runIds }) => {
      const deleted = record.putAside(runIds);
      changed(runIds);
      return { deleted, running: [] };
    },
    'runs.restore': ({ runIds }) => {
      const restored = record.restore(runIds);
      changed(runIds);
      return { restored };
    },
    'runs.merge': ({ intoId, ids }) => {
      const merged = record.merge(intoId, ids);
      changed([intoId, ...ids]);
      return merged;
    },
    'runs.dismiss': ({ runId }) => {
      record.putAside([runId]);
      changed([runId]);
      return {};
    },
    'finding.read': () => ({
      isFindingRuns: settings.isFindingRuns,
      cpuRule:
        settings.cpuRunPattern === null ? 'off' : settings.cpuRunPattern.includes('+)+') ? 'too-slow' : 'working',
    }),
    'sensors.list': () => ({ sources: fakeSources(Date.now()) }),
    'sensors.check': () => ({ sources: fakeSources(Date.now()) }),
    'alerts.log': () => ({ entries: fakeLog(scene.startMs) }),
    'calibration.read': calibration.read,
    'calibration.start': calibration.start,
    'calibration.cancel': calibration.cancel,
    'calibration.addTyped': calibration.addTyped,
    'calibration.clear': calibration.clear,
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
          coolDownSeconds: 0,
          actions: defaultActions,
          status: {
            limit: 4500,
            unit: 'W',
            label: null,
            snoozedUntilMs: null,
            state: 'firing',
            sinceMs: scene.startMs - 31_000,
            value: 4542,
            lastFiredAtMs: scene.startMs - 31_000,
          },
        },
      ],
    }),
    'alerts.describe': () => ({ kinds: [] }),
    'alerts.budgets': () => ({ budgets: [] }),
    'alerts.presets': () => ({ presets: [] }),
    'alerts.preview': ({ hours }) => ({
      fromMs: Date.now() - hours * 3_600_000,
      toMs: Date.now(),
      pointSeconds: 30,
      firings: [],
    }),
    'alerts.told': () => ({}),
    'destinations.list': () => ({ destinations: [] }),
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
    calibration.close();
    session.close();
  });
  return ours;
}
