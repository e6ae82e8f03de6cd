import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultSettings, type WallMeter } from '../../../shared/model/settings.ts';
import { exampleContext } from '../../../tests/examples.ts';
import { createFakeClock, type FakeClock } from '../../clock/fake-clock.ts';
import { stepMeter } from '../../energy/meter.ts';
import { initialMeter } from '../../energy/meter-state.ts';
import type { Source, SourceReading } from '../source.ts';
import { mostBodyBytes } from './ask-json.ts';
import { createWallDefinition } from './wall-source.ts';

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];
const sources: Source[] = [];
let asked: string[] = [];
afterEach(async () => {
  for (const source of sources.splice(0)) await source.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  asked = [];
});

/** A plug on this machine; its address. */
async function plug(serve: Serve): Promise<string> {
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    serve(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}

const json =
  (body: unknown): Serve =>
  (_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  };
const byPath =
  (paths: Readonly<Record<string, Serve>>): Serve =>
  (request, response) => {
    const serve = paths[request.url ?? ''];
    if (serve === undefined) response.writeHead(404).end('Not Found');
    else serve(request, response);
  };

interface World {
  readonly clock: FakeClock;
  readonly set: (...meters: readonly WallMeter[]) => void;
  readonly source: Source;
  /** A second after the one before: reads until something has come, since an answer may take longer than a round. */
  readonly round: () => Promise<readonly SourceReading[]>;
  /** The same without the second. */
  readonly arrive: () => Promise<readonly SourceReading[]>;
}

const meter = (change: Partial<WallMeter>): WallMeter => ({
  name: 'desk',
  kind: 'tasmota',
  url: 'http://127.0.0.1:1',
  entity: null,
  secret: null,
  ...change,
});

async function open(...meters: readonly WallMeter[]): Promise<World> {
  let wallMeters = [...meters];
  const clock = createFakeClock(1_700_000_000_000);
  const context = exampleContext(clock, { settings: () => ({ ...defaultSettings, wallMeters }) });
  const found = await createWallDefinition().probe(context);
  if (found.kind === 'unavailable') throw new Error(found.reason);
  const source = await found.open();
  sources.push(source);
  async function arrive(): Promise<readonly SourceReading[]> {
    for (let i = 0; i < 100; i++) {
      const readings = await source.read(new AbortController().signal);
      if (readings.length > 0) return readings;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('nothing came');
  }
  return {
    clock,
    source,
    set: (...next) => {
      wallMeters = [...next];
    },
    arrive,
    round: () => {
      clock.advance(1000);
      return arrive();
    },
  };
}

async function firstOf(world: World): Promise<SourceReading> {
  const [reading] = await world.round();
  if (reading === undefined) throw new Error('nothing came');
  return reading;
}

describe('createWallDefinition', () => {
  it('is not there until a wattmeter is named', async () => {
    const context = exampleContext(createFakeClock(0));
    expect(await createWallDefinition().probe(context)).toMatchObject({
      kind: 'unavailable',
      reason: 'No wattmeter is named in the settings.',
    });
  });

  it('covers the wall by the name of each meter', async () => {
    const context = exampleContext(createFakeClock(0), {
      settings: () => ({ ...defaultSettings, wallMeters: [meter({}), meter({ name: 'rack', secret: 'hidden' })] }),
    });
    const found = await createWallDefinition().probe(context);
    expect(found).toMatchObject({ kind: 'available', covers: ['wall:desk', 'wall:rack'] });
    expect(JSON.stringify(found)).not.toContain('hidden');
  });
});

describe('each dialect', () => {
  it('Tasmota: power alone, to ±3 % and 2 W', async () => {
    const url = await plug(json({ StatusSNS: { ENERGY: { Power: 187, Total: 3.705 } } }));
    const [reading] = await (await open(meter({ url, secret: 'p w' }))).round();
    expect(asked).toEqual(['/cm?cmnd=Status%2010&user=admin&password=p%20w']);
    expect(reading).toMatchObject({
      domain: { id: 'wall:desk', kind: 'wall', source: 'wall-meter', provenance: 'sensor' },
      powerWatts: 187,
      powerWindowSeconds: 0,
      counterJoules: null,
      error: { lowRatio: 0.97, highRatio: 1.03, offsetWatts: 2 },
      missing: null,
    });
  });

  it('Shelly, second generation: its counter once it has moved five times running', async () => {
    let total = 100;
    const world = await open(
      meter({
        kind: 'shelly',
        url: await plug((request, response) => {
          // 180 W for a second is 0.05 Wh.
          total += 0.05;
          json({ id: 0, apower: 180, aenergy: { total } })(request, response);
        }),
      }),
    );
    const readings: SourceReading[] = [];
    for (let i = 0; i < 7; i++) readings.push(...(await world.round()));
    expect(readings.map((reading) => reading.powerWatts)).toEqual(Array(7).fill(180));
    // The first read and four moves: not yet. The sixth read: 100.3 Wh x 3600 = 361 080 J.
    expect(readings.slice(0, 5).map((reading) => reading.counterJoules)).toEqual(Array(5).fill(null));
    expect(readings[5]?.counterJoules).toBeCloseTo(361_080, 3);
    expect(readings[6]?.counterJoules).toBeCloseTo(361_260, 3);
    expect(new Set(asked)).toEqual(new Set(['/rpc/Switch.GetStatus?id=0']));
  });

  it('Shelly that only measures, and the first generation: found once, then asked straight', async () => {
    const pm = await open(
      meter({
        kind: 'shelly',
        entity: '1',
        url: await plug(byPath({ '/rpc/PM1.GetStatus?id=1': json({ apower: 42 }) })),
      }),
    );
    expect((await pm.round())[0]?.powerWatts).toBe(42);
    await pm.round();
    expect(asked).toEqual(['/rpc/Switch.GetStatus?id=1', '/rpc/PM1.GetStatus?id=1', '/rpc/PM1.GetStatus?id=1']);
    asked = [];
    const first = await open(
      meter({ kind: 'shelly', url: await plug(byPath({ '/status': json({ meters: [{ power: 4.55 }] }) })) }),
    );
    expect((await first.round())[0]?.powerWatts).toBe(4.55);
    await first.round();
    expect(asked.slice(2)).toEqual(['/status', '/status']);
  });

  it('Home Assistant: with its token in a header, below a folder', async () => {
    let authorization: string | undefined;
    const url = await plug((request, response) => {
      authorization = request.headers.authorization;
      byPath({
        '/ha/api/states/sensor.plug': json({ state: '0.25', attributes: { unit_of_measurement: 'kW' } }),
      })(request, response);
    });
    const world = await open(
      meter({ kind: 'home-assistant', url: `${url}/ha/`, entity: 'sensor.plug', secret: 'token' }),
    );
    expect((await world.round())[0]?.powerWatts).toBe(250);
    expect(authorization).toBe('Bearer token');
  });
});

describe('a counter of Home Assistant that is renewed every ten seconds', () => {
  it('gives a reading when it has moved, so that the meter has its energy whole', async () => {
    let joules = 3_600_000;
    const url = await plug((request, response) => {
      const state = (joules / 3.6e6).toFixed(6);
      json({ state, attributes: { unit_of_measurement: 'kWh' } })(request, response);
    });
    const world = await open(meter({ kind: 'home-assistant', url, entity: 'sensor.plug_energy', secret: 'token' }));
    const readings: SourceReading[] = [];
    for (let second = 0; second <= 40; second++) {
      world.clock.advance(1000);
      // 200 W; the plug tells it every ten seconds.
      if (second > 0 && second % 10 === 0) joules += 2000;
      readings.push(...(await world.source.read(new AbortController().signal)));
      await expect.poll(() => asked.length).toBe(second + 1);
    }
    const options = { periodMs: 1000, longestStepMs: 2500, longestBridgeMs: 600_000, maxWatts: 25_000 };
    let state = initialMeter;
    let sum = 0;
    let gaps = 0;
    for (const reading of readings) {
      const step = stepMeter(state, reading, options);
      state = step.state;
      gaps += step.gaps.length;
      for (const interval of step.intervals) sum += interval.joules;
    }
    // Whole watt-seconds in six decimals of a kWh: 3.6 J.
    expect(Math.abs(sum - 8000)).toBeLessThan(4);
    expect(gaps).toBe(0);
  });

  it('is as fine as it has shown: trailing zeros are not written', async () => {
    // Five decimals of a kWh: 36 J a step. The third state is 1234.56800.
    const states = ['1234.56781', '1234.5679', '1234.568', '1234.56812'];
    let at = 0;
    const url = await plug((request, response) =>
      json({ state: states[at], attributes: { unit_of_measurement: 'kWh' } })(request, response),
    );
    const world = await open(meter({ kind: 'home-assistant', url, entity: 'sensor.plug_energy', secret: 'token' }));
    const counted: (number | null)[] = [];
    for (; at < states.length; at++) counted.push((await world.round())[0]?.counterJoules ?? null);
    expect(counted).toEqual(states.map((state) => Number(state) * 3.6e6));
  });

  it('asks for the power sensor in place of a total in steps of 3.6 kJ', async () => {
    const url = await plug(json({ state: '167.743', attributes: { unit_of_measurement: 'kWh' } }));
    const world = await open(meter({ kind: 'home-assistant', url, entity: 'sensor.plug_energy', secret: 'token' }));
    expect((await world.round())[0]).toMatchObject({
      counterJoules: null,
      missing: { reason: 'failed', note: expect.stringContaining('3600 J') },
    });
    expect(world.source.shortfall?.()?.reason).toBe(
      "Wall desk gives nothing: It counts energy in steps of 3600 J: name the plug's power sensor.",
    );
  });

  it('stands still once it has not moved for a minute and a half: then it is read again, and says so', async () => {
    const url = await plug(json({ state: '1.25', attributes: { unit_of_measurement: 'Wh' } }));
    const world = await open(meter({ kind: 'home-assistant', url, entity: 'sensor.plug_energy', secret: 'token' }));
    const seconds: number[] = [];
    for (let second = 0; second <= 92; second++) {
      world.clock.advance(1000);
      if ((await world.source.read(new AbortController().signal)).length > 0) seconds.push(second);
    }
    expect(seconds).toEqual([0, 90, 91, 92]);
  });
});

describe('a Shelly with clamps', () => {
  it('is asked for them where its switch has no power, and where it knows no switch', async () => {
    // After the answers of a Pro EM-50 (ShellyPy, issue 20) and a Pro 3EM.
    const relay = { id: 0, source: 'init', output: false, temperature: { tC: 40.1, tF: 104.2 } };
    const proEm = await plug(
      byPath({
        '/rpc/Switch.GetStatus?id=0': json(relay),
        '/rpc/EM1.GetStatus?id=0': json({ id: 0, voltage: 231, current: 0.5, act_power: 87.5 }),
      }),
    );
    const pro3Em = await plug(
      byPath({ '/rpc/EM.GetStatus?id=0': json({ a_act_power: 10, b_act_power: 20.5, c_act_power: 30 }) }),
    );
    expect((await (await open(meter({ kind: 'shelly', url: proEm }))).round())[0]?.powerWatts).toBe(87.5);
    const phase = await open(meter({ kind: 'shelly', url: pro3Em, entity: '1' }));
    expect((await phase.round())[0]?.powerWatts).toBe(20.5);
    asked = [];
    await phase.round();
    expect(asked).toEqual(['/rpc/EM.GetStatus?id=0']);
  });

  it('that has a switch without a meter and nothing else says so', async () => {
    const url = await plug(byPath({ '/rpc/Switch.GetStatus?id=0': json({ id: 0, output: true }) }));
    expect((await (await open(meter({ kind: 'shelly', url }))).round())[0]?.missing?.note).toContain('no apower');
  });
});

describe('logging in', () => {
  it('answers the digest of the second generation of Shelly', async () => {
    const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
    const url = await plug((request, response) => {
      const given = request.headers.authorization ?? '';
      const of = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(given)?.[1] ?? '';
      const wanted = sha(
        [
          sha('admin:shellyplug-1:secret'),
          'n0nce',
          of('nc'),
          of('cnonce'),
          'auth',
          sha('GET:/rpc/Switch.GetStatus?id=0'),
        ].join(':'),
      );
      if (of('response') === wanted) json({ apower: 12 })(request, response);
      else
        response
          .writeHead(401, {
            'www-authenticate': 'Digest qop="auth", realm="shellyplug-1", nonce="n0nce", algorithm=SHA-256',
          })
          .end();
    });
    const good = await open(meter({ kind: 'shelly', url, secret: 'secret' }));
    expect((await good.round())[0]?.powerWatts).toBe(12);
    const bad = await open(meter({ kind: 'shelly', url, secret: 'wrong' }));
    expect((await bad.round())[0]?.missing).toEqual({
      reason: 'permission',
      note: '127.0.0.1 does not take this password.',
    });
  });

  it("gives the first generation's password when it asks, from then on at once", async () => {
    const wanted = `Basic ${Buffer.from('admin:secret').toString('base64')}`;
    let refusals = 0;
    const url = await plug((request, response) => {
      if (request.url !== '/status') response.writeHead(404).end();
      else if (request.headers.authorization === wanted) json({ meters: [{ power: 9 }] })(request, response);
      else {
        refusals++;
        response.writeHead(401, { 'www-authenticate': 'Basic realm="shelly"' }).end();
      }
    });
    const world = await open(meter({ kind: 'shelly', url, secret: 'secret' }));
    expect((await world.round())[0]?.powerWatts).toBe(9);
    expect((await world.round())[0]?.powerWatts).toBe(9);
    expect(refusals).toBe(1);
  });

  it.each(['Need user=<username>&password=<password>', 'Benötige user=<Benutzername>&password=<Passwort>'])(
    'knows the refusal of an older Tasmota, whose status is 200: %s',
    async (WARNING) => {
      const world = await open(meter({ url: await plug(json({ WARNING })), secret: 'wrong' }));
      expect((await world.round())[0]?.missing).toEqual({
        reason: 'permission',
        note: 'This Tasmota asks for its password, or does not take the one in the settings.',
      });
    },
  );

  it('says that a token or password is asked for, or not taken', async () => {
    const url = await plug((_request, response) => response.writeHead(401).end());
    const without = await open(meter({ url }));
    expect((await without.round())[0]?.missing?.note).toBe('127.0.0.1 asks for a password.');
    const wrong = await open(meter({ kind: 'home-assistant', url, entity: 'sensor.a', secret: 'x' }));
    expect((await wrong.round())[0]?.missing).toEqual({
      reason: 'permission',
      note: '127.0.0.1 does not take this token.',
    });
  });
});

describe('what goes wrong is a missing reading', { timeout: 15_000 }, () => {
  const missingOf = async (serve: Serve): Promise<SourceReading['missing']> =>
    (await firstOf(await open(meter({ url: await plug(serve) })))).missing;

  it('a plug that hangs, before its answer or in the middle of it, is given up after 2 s', async () => {
    const startedMs = performance.now();
    expect(await missingOf(() => {})).toMatchObject({ reason: 'timeout' });
    expect(performance.now() - startedMs).toBeLessThan(4000);
    expect(
      await missingOf((_request, response) => {
        response.writeHead(200).write('{"StatusSNS"');
      }),
    ).toMatchObject({ reason: 'timeout' });
  });

  it('garbage, half an answer, an answer of another kind', async () => {
    expect(await missingOf((_request, response) => response.end('<html>'))).toMatchObject({ reason: 'invalid' });
    expect(await missingOf((_request, response) => response.end('['.repeat(60_000)))).toMatchObject({
      reason: 'invalid',
    });
    expect(await missingOf(json({ hello: 1 }))).toMatchObject({ reason: 'invalid' });
    expect(
      await missingOf((_request, response) => {
        response.writeHead(200, { 'content-length': 1000 }).write('{"a":');
        setTimeout(() => response.destroy(), 20);
      }),
    ).toMatchObject({ reason: 'failed', note: '127.0.0.1 broke off its answer.' });
    expect(await missingOf((request) => request.socket.destroy())).toMatchObject({ reason: 'failed' });
  });

  it('reads no more than 64 KiB of an endless answer', async () => {
    let sentBytes = 0;
    const missing = await missingOf((_request, response) => {
      const piece = Buffer.alloc(16 * 1024, 0x20);
      const more = (): void => {
        if (response.destroyed) return;
        sentBytes += piece.length;
        if (response.write(piece)) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    expect(missing).toEqual({ reason: 'invalid', note: '127.0.0.1 answered more than 64 KiB: not a wattmeter.' });
    // What the kernel buffered on the way may have been sent, a hundredfold not.
    expect(sentBytes).toBeLessThan(mostBodyBytes * 1000);
  });

  it('a plug that takes 2.8 s for a digest loses nothing: that it is slow is no gap', async () => {
    const world = await open(meter({ url: await plug(json({ StatusSNS: { ENERGY: { Power: 50 } } })) }));
    const options = { periodMs: 1000, longestStepMs: 2500, longestBridgeMs: 600_000, maxWatts: 25_000 };
    let state = initialMeter;
    let joules = 0;
    for (let i = 0; i < 5; i++) {
      world.clock.advance(2000);
      for (const reading of await world.round()) {
        const step = stepMeter(state, reading, options);
        state = step.state;
        expect(step.gaps).toEqual([]);
        joules += step.intervals.reduce((sum, interval) => sum + interval.joules, 0);
      }
    }
    // 50 W over four times 3 s.
    expect(joules).toBe(600);
  });

  it('is the meter that it was when it answers with an error once it has told', async () => {
    let isBroken = false;
    const told = json({ StatusSNS: { ENERGY: { Power: 50 } } });
    const url = await plug((request, response) => (isBroken ? response.writeHead(500).end() : told(request, response)));
    const world = await open(meter({ url }));
    expect(await world.round()).toMatchObject([{ powerWatts: 50 }]);
    isBroken = true;
    world.clock.advance(2000);
    expect((await world.round())[0]?.missing).toEqual({
      reason: 'failed',
      note: '127.0.0.1 answered with status 500.',
    });
  });

  it('does not follow a redirect', async () => {
    const elsewhere = await plug(json({ StatusSNS: { ENERGY: { Power: 1 } } }));
    const missing = await missingOf((_request, response) =>
      response.writeHead(302, { location: `${elsewhere}/elsewhere` }).end(),
    );
    expect(missing).toEqual({ reason: 'failed', note: '127.0.0.1 points elsewhere (302): not followed.' });
    expect(asked).toHaveLength(1);
  });

  it('a device of another make, an error of its own', async () => {
    expect(await missingOf((_request, response) => response.writeHead(404).end())).toEqual({
      reason: 'failed',
      note: '127.0.0.1 knows no such meter: is it a Tasmota?',
    });
    const entity = meter({
      kind: 'home-assistant',
      entity: 'sensor.a',
      secret: 't',
      url: await plug((_request, response) => response.writeHead(404).end()),
    });
    expect((await firstOf(await open(entity))).missing?.note).toBe("Home Assistant has no entity 'sensor.a'.");
    expect(await missingOf((_request, response) => response.writeHead(503).end())).toMatchObject({
      note: '127.0.0.1 answered with status 503.',
    });
  });

  it('a setting that cannot be asked is told without asking', async () => {
    const noteOf = async (change: Partial<WallMeter>): Promise<string | undefined> =>
      (await firstOf(await open(meter(change)))).missing?.note;
    expect(await noteOf({ url: 'http://8.8.8.8/' })).toContain('not in the local network');
    expect(await noteOf({ url: 'http://169.254.169.254/' })).toContain('not in the local network');
    expect(await noteOf({ url: 'http://admin:secret@127.0.0.1/' })).toContain('a field of its own');
    expect(await noteOf({ kind: 'home-assistant' })).toContain('entity');
    expect(await noteOf({ kind: 'shelly', entity: 'x' })).toContain('channel');
    expect(await noteOf({ kind: 'home-assistant', entity: 'sensor.a', secret: 'a\r\nb: c' })).toContain(
      'cannot be asked',
    );
    expect(asked).toEqual([]);
  });

  it('never tells a password in what it says', async () => {
    for (const serve of [
      (_request: IncomingMessage, response: ServerResponse) => response.end('x'),
      (_request: IncomingMessage, response: ServerResponse) => response.writeHead(500).end(),
      (_request: IncomingMessage, response: ServerResponse) => response.writeHead(401).end(),
    ]) {
      const reading = await firstOf(await open(meter({ url: await plug(serve), secret: 'hidden' })));
      expect(reading.missing).not.toBeNull();
      expect(JSON.stringify(reading)).not.toContain('hidden');
    }
  });
});

describe('several meters', { timeout: 15_000 }, () => {
  it('does not let one that hangs hold up another', async () => {
    const good = await plug(json({ StatusSNS: { ENERGY: { Power: 50 } } }));
    const bad = await plug(() => {});
    const world = await open(meter({ name: 'bad', url: bad }), meter({ name: 'good', url: good }));
    const startedMs = performance.now();
    const readings = await world.round();
    // The one that hangs is given up after 2 s.
    expect(performance.now() - startedMs).toBeLessThan(1900);
    expect(readings.map((reading) => [reading.domain.id, reading.powerWatts])).toEqual([['wall:good', 50]]);
    // Still under way: not asked a second time meanwhile.
    await world.round();
    expect(asked).toHaveLength(3);
    expect(world.source.shortfall?.()).toBeNull();
    await vi.waitUntil(async () => (await world.arrive()).some(({ missing }) => missing !== null), 5000);
    expect(world.source.shortfall?.()?.reason).toMatch(/^Wall bad gives nothing: .* 2 s/);
  });

  it('asks each no more than once a second', async () => {
    const url = await plug(json({ StatusSNS: { ENERGY: { Power: 50 } } }));
    const world = await open(meter({ url }));
    expect(await world.round()).toHaveLength(1);
    world.clock.advance(100);
    expect(await world.source.read(new AbortController().signal)).toEqual([]);
    world.clock.advance(900);
    expect(await world.arrive()).toHaveLength(1);
    expect(asked).toHaveLength(2);
  });

  it('follows the settings while it is open', async () => {
    const url = await plug(json({ StatusSNS: { ENERGY: { Power: 50 } } }));
    const world = await open(meter({ url }));
    expect(world.source.domains().map((domain) => domain.id)).toEqual(['wall:desk']);
    world.set(meter({ name: 'rack', url }), meter({ name: 'rack', url: 'http://8.8.8.8' }));
    // Of two with one name the first.
    expect(world.source.domains().map((domain) => domain.id)).toEqual(['wall:rack']);
    expect((await world.round()).map((reading) => reading.domain.id)).toEqual(['wall:rack']);
    world.set();
    world.clock.advance(1000);
    expect(world.source.domains()).toEqual([]);
    expect(await world.source.read(new AbortController().signal)).toEqual([]);
  });
});

describe('ending', () => {
  it('gives up at once when it is told to, and reads again afterwards', async () => {
    let isHanging = true;
    const url = await plug((request, response) => {
      if (!isHanging) json({ StatusSNS: { ENERGY: { Power: 50 } } })(request, response);
    });
    const world = await open(meter({ url }));
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    const startedMs = performance.now();
    world.clock.advance(1000);
    expect(await world.source.read(abort.signal)).toEqual([]);
    // Neither the 2 s of a question nor, on an idle machine, the half second of a round.
    expect(performance.now() - startedMs).toBeLessThan(1500);
    isHanging = false;
    expect((await world.round())[0]?.powerWatts).toBe(50);
  });

  it('leaves no connection when it is closed, twice over', async () => {
    const url = await plug(() => {});
    const world = await open(meter({ url }));
    await world.source.read(new AbortController().signal);
    const count = (): Promise<number> =>
      new Promise((resolve) => servers[0]?.getConnections((_error, connections) => resolve(connections)));
    await expect.poll(count, { timeout: 2000, interval: 20 }).toBe(1);
    await world.source.close();
    await world.source.close();
    await expect.poll(count, { timeout: 1000, interval: 20 }).toBe(0);
  });
});

describe('the settings of the wattmeters', () => {
  const { isStale } = createWallDefinition();
  const withMeters = (...wallMeters: readonly WallMeter[]) => ({ ...defaultSettings, wallMeters: [...wallMeters] });

  it('make what was found untrue when a meter comes, goes or changes, and no other setting does', () => {
    const one = withMeters(meter({}));
    expect(isStale?.(withMeters(), one)).toBe(true);
    expect(isStale?.(one, withMeters())).toBe(true);
    expect(isStale?.(one, withMeters(meter({ secret: 'another' })))).toBe(true);
    expect(isStale?.(one, { ...withMeters(meter({})), region: 'DEU' })).toBe(false);
  });
});
