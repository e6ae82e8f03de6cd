import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CpuLoad } from '../../engine/calibration/cpu-load.ts';
import { systemClock } from '../../engine/clock/clock.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';
import { renderMetrics } from '../../engine/http/metrics.ts';
import { openApiDocument } from '../../engine/http/openapi.ts';
import { createFakeMachine } from '../../engine/machine/fake-machine.ts';
import { type SourceDefinition, unknownValues } from '../../engine/sources/source.ts';
import { createWallDefinition } from '../../engine/sources/wall/wall-source.ts';
import { createSqliteStore } from '../../engine/store/sqlite-store.ts';
import { type CalibrationStatus, calibrationRequestSchema } from '../../shared/model/calibration.ts';
import type { WallMeter } from '../../shared/model/settings.ts';
import { exampleCpu } from '../examples.ts';
import { runCli, startCli, temporaryHome, until } from './cli.ts';

const secret = 'Ohm-sweet-Ohm-4711';

interface Plug {
  readonly meter: WallMeter;
  readonly server: Server;
  readonly asked: string[];
  isBroken: boolean;
}

/** A Tasmota plug on this machine that says what `watts` does. */
async function openPlug(watts: () => number): Promise<Plug> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (plug.isBroken) response.writeHead(500).end();
    else response.end(JSON.stringify({ StatusSNS: { ENERGY: { Power: watts(), Total: 1.5 } } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  const plug: Plug = {
    server,
    asked,
    isBroken: false,
    meter: { name: 'desk', kind: 'tasmota', url, entity: null, secret },
  };
  return plug;
}

/** A CPU of 40 W at idle and 120 W under load. */
const createCpu = (isLoaded: () => boolean): SourceDefinition => ({
  descriptor: { id: 'rapl', label: 'A CPU', measures: 'CPU', provenance: 'sensor', sameNumberCommand: 'true' },
  probe: async () => ({
    kind: 'available',
    covers: ['cpu'],
    how: '',
    open: async () => ({
      domains: () => [exampleCpu({ source: 'rapl' })],
      read: async () => [
        {
          domain: exampleCpu({ source: 'rapl' }),
          ...unknownValues,
          atMs: systemClock.monotonicMs(),
          powerWatts: isLoaded() ? 120 : 40,
          error: { lowRatio: 1, highRatio: 1, offsetWatts: 0 },
        },
      ],
      close: async () => {},
    }),
  }),
});

describe('an engine with a plug', () => {
  let plug: Plug;
  let engine: Engine;
  let isLoaded = false;
  let log: string[];

  beforeEach(async () => {
    isLoaded = false;
    log = [];
    plug = await openPlug(() => (isLoaded ? 170 : 70));
    const load: CpuLoad = {
      start: async () => {
        isLoaded = true;
      },
      stop: async () => {
        isLoaded = false;
      },
    };
    engine = createEngine({
      version: '0.0.0',
      store: createSqliteStore({ path: ':memory:', nowMs: Date.now() }),
      dataDirectory: ':memory:',
      clock: systemClock,
      machine: {
        ...createFakeMachine().machine,
        facts: async () => ({
          hostName: 'box',
          osLabel: 'Linux',
          cpuName: 'Example CPU',
          threads: 8,
          physicalCores: 4,
          sockets: 1,
          baseGhz: 2,
          isVirtual: false,
          memoryBytes: 2 ** 34,
        }),
      },
      definitions: [createCpu(() => isLoaded), createWallDefinition()],
      environment: {},
      sysfsRoot: '/nowhere',
      procfsRoot: '/nowhere',
      isSimulated: false,
      log: (message) => log.push(message),
      // The plug is asked once a second: what it says and what the meter makes of it has settled after three.
      calibration: { load, schedule: { phaseSeconds: 7, settleSeconds: { idle: 3.5, load: 3.5 }, stepSeconds: 0.1 } },
    });
    await engine.open(1000);
    await engine.handlers['settings.write']({ samplePeriodSeconds: 0.25 });
  });
  afterEach(async () => {
    await engine.close();
    expect(isLoaded).toBe(false);
    plug.server.closeAllConnections();
    await new Promise((resolve) => plug.server.close(resolve));
  });

  const read = () => engine.handlers['calibration.read']({}) as CalibrationStatus;
  const start = () =>
    engine.handlers['calibration.start'](calibrationRequestSchema.parse({ meter: 'desk', typed: null }));
  const plugIn = () => engine.handlers['settings.write']({ wallMeters: [plug.meter] });
  const isAnswering = () => engine.live().wall?.isMeasured === true && read().meters.includes('desk');
  async function runFor(seconds: number) {
    const { id } = await engine.handlers['runs.start']({ name: 'train', foundBy: 'api' });
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return engine.handlers['runs.stop']({ runId: id });
  }

  it('finds the plug as soon as it stands in the settings, and drops it as soon as it does not', async () => {
    expect(engine.live().wall).toBeNull();
    await plugIn();
    // The next look of its own is a minute away.
    await until(isAnswering, 'the plug', 10_000);
    expect(engine.live().wall).toEqual({
      powerWatts: 70,
      // 3 % and 2 W of a Tasmota.
      lowWatts: expect.closeTo(65.9, 9),
      highWatts: expect.closeTo(74.1, 9),
      isMeasured: true,
      meter: 'desk',
    });
    expect(engine.live().machine.powerWatts).toBeCloseTo(40, 9);
    const { sources } = await engine.handlers['sensors.list']({});
    expect(sources.find(({ id }) => id === 'wall-meter')).toMatchObject({
      state: 'answering',
      domainIds: ['wall:desk'],
    });
    await engine.handlers['settings.write']({ wallMeters: [] });
    await until(() => engine.live().wall === null, 'its end', 10_000);
    expect(engine.live().devices.map(({ domain }) => domain.id)).toEqual(['cpu:0']);
    const after = await engine.handlers['sensors.list']({});
    expect(after.sources.find(({ id }) => id === 'wall-meter')?.state).toBe('absent');
  });

  it('is calibrated with it, and tells the wall without it from then on', async () => {
    await plugIn();
    await until(isAnswering, 'the plug', 10_000);
    const measured = await runFor(2);
    expect(measured.energy.wall).toMatchObject({ isMeasured: true, meter: 'desk' });
    expect((measured.energy.wall?.joules ?? 0) / measured.run.durationSeconds).toBeCloseTo(70, -1);

    await start();
    await until(() => read().lastResult !== null, 'the calibration', 30_000);
    // 100 W at the wall over 80 W: 1.25; 70 - 1.25 x 40 = 20 W.
    const status = read();
    expect(status.lastResult).toMatchObject({ kind: 'recorded', message: null });
    expect(status.line?.gainRatio).toBeCloseTo(1.25, 2);
    expect(status.line?.offsetWatts).toBeCloseTo(20, 0);

    await engine.handlers['settings.write']({ wallMeters: [] });
    // The load's end has to be seen as well.
    const estimate = () => engine.live().wall;
    await until(() => estimate()?.isMeasured === false && (estimate()?.powerWatts ?? 0) < 100, 'the estimate', 10_000);
    expect(estimate()?.powerWatts).toBeCloseTo(70, 0);
    const { energy, run } = await runFor(2);
    expect(energy.wall).toMatchObject({ isMeasured: false, meter: null });
    // 20 W + 1.25 x 40 W.
    expect((energy.wall?.joules ?? 0) / run.durationSeconds).toBeCloseTo(70, 0);
    expect(energy.wall?.lowJoules ?? Number.NaN).toBeLessThan(energy.wall?.joules ?? Number.NaN);
    // Never a part of the sum.
    expect((energy.machineJoules ?? 0) / run.durationSeconds).toBeCloseTo(40, 0);
  });

  it('does not calibrate beside a run, and gives way to one that begins', async () => {
    await plugIn();
    await until(isAnswering, 'the plug', 10_000);
    const { id } = await engine.handlers['runs.start']({ name: 'train', foundBy: 'api' });
    expect(() => start()).toThrow(expect.objectContaining({ code: 'calibration/blocked' }));
    await engine.handlers['runs.stop']({ runId: id });
    await start();
    await until(() => isLoaded, 'the load', 20_000);
    await runFor(1);
    expect(isLoaded).toBe(false);
    expect(read()).toMatchObject({
      running: null,
      lastResult: { kind: 'refused', reason: 'disturbed' },
      readingCount: 0,
    });
  });

  it('tells the secret of a plug to the plug and to nobody else', async () => {
    const events: string[] = [];
    const unsubscribe = engine.onEvent(({ name, payload }) => {
      if (name !== 'settings.changed') events.push(JSON.stringify(payload));
    });
    const told = async (): Promise<string> =>
      [
        JSON.stringify(engine.live()),
        JSON.stringify(await engine.handlers['sensors.list']({})),
        JSON.stringify(await engine.handlers['engine.describe']({})),
        JSON.stringify(read()),
        JSON.stringify(openApiDocument('0.0.0', 'http://127.0.0.1')),
        renderMetrics(engine.live(), engine.joulesSinceStart()),
        ...events,
        ...log,
      ].join('\n');
    await plugIn();
    await until(isAnswering, 'the plug', 10_000);
    expect(plug.asked.join()).toContain(secret);
    const settings = await engine.handlers['settings.read']({});
    expect(settings.wallMeters).toMatchObject([{ secret: null, hasSecret: true }]);
    expect(JSON.stringify(settings)).not.toContain(secret);
    expect(await told()).not.toContain(secret);
    plug.isBroken = true;
    const isLost = () => engine.live().devices.some(({ note }) => note !== null);
    await until(isLost, 'the note of a broken plug', 10_000);
    expect(await told()).not.toContain(secret);
    unsubscribe();
  });
});

describe('wattrun calibrate', () => {
  const home = temporaryHome();
  const env = { WATTRUN_HOME: home.home };
  afterAll(() => home.remove());

  it('says what is wrong with its words, and with a machine that has no wattmeter', async () => {
    for (const [words, told] of [
      [[], 'neither a wattmeter that answers'],
      [['--wall', '70'], 'two numbers of watts'],
      [['--wall', '70,-1'], 'two numbers of watts'],
      [['--wall', '170,70'], 'must say more than at idle: 70 W is not more than 170 W.'],
      [['--meter', 'desk'], 'No wattmeter named desk answers'],
      [['--meter', 'desk', '--wall', '70,170'], 'either --meter or --wall'],
    ] as const) {
      const { code, stderr, stdout } = await runCli(['calibrate', ...words], env);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(told);
    }
  });

  it('ends at Ctrl-C, with nothing kept', async () => {
    const calibrating = startCli(['calibrate', '--wall', '70,170', '--json'], env);
    let stderr = '';
    calibrating.child.stderr?.on('data', (text: string) => {
      stderr += text;
    });
    await until(() => stderr.includes('Ctrl-C ends it'), 'the start');
    calibrating.child.kill('SIGINT');
    const ended = await calibrating.ended;
    expect([ended.code, ended.signal]).toEqual([130, null]);
    expect(ended.stderr).toContain('Cancelled: nothing was changed.');
    expect(JSON.parse(ended.stdout)).toMatchObject({
      schemaVersion: 1,
      running: null,
      lastResult: { kind: 'cancelled' },
      readingCount: 0,
    });
  });

  it('leaves a run alone', async () => {
    const running = startCli(['run', '--quiet', '--', 'sh', '-c', 'echo on; exec sleep 60'], env);
    await until(() => running.stdout().includes('on'), 'the run');
    const refused = await runCli(['calibrate', '--wall', '70,170'], env);
    running.child.kill('SIGTERM');
    await running.ended;
    expect(refused.code).toBe(1);
    // The command may be on a moment before its run is.
    expect(refused.stderr).toMatch(/A run (is on|began)/);
  });

  it('forgets', async () => {
    const { code, stdout } = await runCli(['calibrate', '--clear'], env);
    expect([code, stdout]).toEqual([0, 'The calibration is forgotten.\n']);
  });
});
