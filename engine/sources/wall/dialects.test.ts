import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WallMeter } from '../../../shared/model/settings.ts';
import { initialTrust, isTrusted, stepTrust } from './counter-trust.ts';
import type { WallParse } from './dialect.ts';
import { homeAssistant, parseHomeAssistant } from './home-assistant.ts';
import { parseShellyClamp, parseShellyComponent, parseShellyPhases, parseShellyStatus, shelly } from './shelly.ts';
import { parseTasmota, tasmota } from './tasmota.ts';

const power = (powerWatts: number): WallParse => ({
  kind: 'sample',
  sample: { powerWatts, counterJoules: null, counterStepJoules: 0 },
});
const reasonOf = (parse: WallParse): string => (parse.kind === 'missing' ? parse.reason : 'none');
const meter = (change: Partial<WallMeter>): WallMeter => ({
  name: 'desk',
  kind: 'tasmota',
  url: 'http://192.168.1.20',
  entity: null,
  secret: null,
  ...change,
});

describe('parseTasmota', () => {
  const status = (Power: unknown): unknown => ({
    StatusSNS: { Time: '2024-06-26T16:19:59', ENERGY: { Total: 167.743, Power, Voltage: 233 } },
  });

  it('takes the power and leaves a total in steps of 3.6 kJ', () =>
    expect(parseTasmota(status(26), 0)).toEqual(power(26)));

  it('takes the named one of several channels', () => {
    expect(parseTasmota(status([12, 34.5]), 1)).toEqual(power(34.5));
    expect(reasonOf(parseTasmota(status([12, 34.5]), 2))).toBe('invalid');
    expect(reasonOf(parseTasmota(status(12), 1))).toBe('invalid');
  });

  it('has nothing to say of a Tasmota that does not measure, or draws less than nothing', () => {
    for (const body of [
      { StatusSNS: { Time: '2017-02-11T18:06:05', DHT: { Temperature: '21.8' } } },
      status('26'),
      status(-3),
    ])
      expect(reasonOf(parseTasmota(body, 0))).toBe('invalid');
  });

  it('knows one that wants a password by its warning', () => {
    expect(reasonOf(parseTasmota({ WARNING: 'Need user=<username>&password=<password>' }, 0))).toBe('permission');
  });

  it('puts the password into the query, escaped', () => {
    const questions = tasmota.questions(meter({ secret: 'a&b=c d' }));
    expect(questions).toMatchObject([{ path: '/cm?cmnd=Status%2010&user=admin&password=a%26b%3Dc%20d' }]);
  });
});

describe('parseShellyComponent', () => {
  it('takes the power in watts and the counter in watt-hours', () =>
    // 267.813 Wh x 3600 s = 964 126.8 J; its last digit is 0.001 Wh = 3.6 J.
    expect(parseShellyComponent({ id: 0, output: true, apower: 106.3, aenergy: { total: 267.813 } })).toEqual({
      kind: 'sample',
      sample: { powerWatts: 106.3, counterJoules: expect.closeTo(964_126.8, 6), counterStepJoules: 3.6 },
    }));

  it('does with the power alone where the counter is not there or not a number', () => {
    expect(parseShellyComponent({ apower: 4.1 })).toEqual(power(4.1));
    expect(parseShellyComponent({ apower: 4.1, aenergy: { total: null } })).toEqual(power(4.1));
  });

  it('has nothing to say of a switch without a meter, or one wired the wrong way round', () => {
    expect(reasonOf(parseShellyComponent({ id: 0, output: true }))).toBe('invalid');
    expect(reasonOf(parseShellyComponent({ apower: -11.2, aenergy: { total: 3136.271 } }))).toBe('invalid');
  });
});

describe('clamps of a Shelly', () => {
  // After the answers of EM1.GetStatus and EM.GetStatus in the vendor's pages.
  const clamp = { id: 1, voltage: 232.5, current: 0.61, act_power: 107.4, aprt_power: 141.9, pf: 0.76, freq: 50 };
  const threePhases = { id: 0, a_act_power: 107.4, b_act_power: 20.1, c_act_power: -3.2, total_act_power: 124.3 };

  it('one by one', () => {
    expect(parseShellyClamp(clamp)).toEqual(power(107.4));
    expect(reasonOf(parseShellyClamp({ ...clamp, act_power: null, errors: ['power_meter_failure'] }))).toBe('invalid');
  });

  it('by their phase, and none that the wrong way round is', () => {
    expect(parseShellyPhases(threePhases, 0)).toEqual(power(107.4));
    expect(parseShellyPhases(threePhases, 1)).toEqual(power(20.1));
    expect(reasonOf(parseShellyPhases(threePhases, 2))).toBe('invalid');
    expect(reasonOf(parseShellyPhases(threePhases, 3))).toBe('invalid');
    expect(reasonOf(parseShellyPhases({ id: 0, a_act_power: null }, 0))).toBe('invalid');
    expect(reasonOf(parseShellyPhases(null, 0))).toBe('invalid');
  });
});

describe('parseShellyStatus', () => {
  it('takes the power of a channel of the first generation', () => {
    const body = { meters: [{ power: 4.55, is_valid: true, total: 102 }, { power: 7 }] };
    expect(parseShellyStatus(body, 0)).toEqual(power(4.55));
    expect(parseShellyStatus(body, 1)).toEqual(power(7));
  });

  it('takes a Shelly EM by its clamps', () =>
    expect(parseShellyStatus({ emeters: [{ power: 501.8, is_valid: true, total: 9.5 }], meters: [] }, 0)).toEqual(
      power(501.8),
    ));

  it('has nothing to say of a channel that is not there, or that it marks as not valid itself', () => {
    const body = { meters: [{ power: 4.55, is_valid: false }] };
    expect(reasonOf(parseShellyStatus(body, 0))).toBe('invalid');
    expect(reasonOf(parseShellyStatus(body, 3))).toBe('invalid');
    expect(reasonOf(parseShellyStatus({ relays: [] }, 0))).toBe('invalid');
  });
});

describe('parseHomeAssistant', () => {
  const entity = (state: string, unit: string): unknown => ({
    entity_id: 'sensor.plug',
    state,
    attributes: { unit_of_measurement: unit, device_class: 'power' },
    last_updated: '2026-01-08T10:12:10.938297+00:00',
  });

  it.each([
    ['87.4', 'W', 87.4],
    ['0.0874', 'kW', 87.4],
    ['87400', 'mW', 87.4],
    ['8.74e-05', 'MW', 87.4],
    ['1e3', 'W', 1000],
    ['0.08740000000000001', 'kW', 87.4],
  ])('%s %s is %d W', (state, unit, watts) => {
    const parse = parseHomeAssistant(entity(state, unit));
    expect(parse.kind === 'sample' ? parse.sample.powerWatts : null).toBeCloseTo(watts, 9);
  });

  it('counts energy that is written finely enough', () =>
    // 12.34 Wh x 3600 s = 44 424 J; 0.01 Wh = 36 J.
    expect(parseHomeAssistant(entity('12.34', 'Wh'))).toEqual({
      kind: 'sample',
      sample: { powerWatts: null, counterJoules: expect.closeTo(44_424, 6), counterStepJoules: 36 },
    }));

  it.each([
    // Three decimals of a kWh: 0.001 kWh = 1 Wh = 3600 J.
    ['167.743', 'kWh', 167.743 * 3.6e6, 3600],
    ['120', 'Wh', 120 * 3600, 3600],
    ['1.0000', 'Wh', 3600, 0.36],
    ['5e-05', 'kWh', 180, 36],
    ['1e+16', 'J', 1e16, 1],
    // 0.1 + 0.2 and 1.2345678901234567 as Python writes them: beyond twelve digits is noise.
    ['0.30000000000000004', 'kWh', 0.3 * 3.6e6, 360_000],
    ['1.2345678901234567', 'Wh', 1.2345678901234567 * 3600, 3600 * 1e-11],
    ['267800', 'mWh', 267.8 * 3600, 3.6],
    ['1.5', 'MJ', 1.5e6, 1e5],
  ])('%s %s steps by what its last digit is worth', (state, unit, joules, stepJoules) => {
    const parse = parseHomeAssistant(entity(state, unit));
    const sample = parse.kind === 'sample' ? parse.sample : null;
    expect((sample?.counterJoules ?? 0) / joules).toBeCloseTo(1, 12);
    expect((sample?.counterStepJoules ?? 0) / stepJoules).toBeCloseTo(1, 9);
  });

  it.each([
    ['unavailable', 'W', 'failed'],
    ['unknown', 'W', 'failed'],
    ['', 'W', 'failed'],
    ['1e400', 'W', 'failed'],
    ['1e', 'W', 'failed'],
    ['NaN', 'W', 'failed'],
    ['21.5', '°C', 'invalid'],
    ['21.5', 'constructor', 'invalid'],
    ['-1', 'W', 'invalid'],
    ['-1.000', 'Wh', 'invalid'],
  ])("'%s' %s is missing: %s", (state, unit, reason) =>
    expect(reasonOf(parseHomeAssistant(entity(state, unit)))).toBe(reason),
  );

  it('wants the entity and the token, and sends the token in a header alone', () => {
    const kind = 'home-assistant' as const;
    expect(homeAssistant.questions(meter({ kind, secret: 't' }))).toHaveProperty('problem');
    expect(homeAssistant.questions(meter({ kind, entity: 'sensor.a', secret: null }))).toHaveProperty('problem');
    expect(homeAssistant.questions(meter({ kind, entity: '../config', secret: 't' }))).toHaveProperty('problem');
    expect(homeAssistant.questions(meter({ kind, entity: 'sensor.a', secret: 't' }))).toMatchObject([
      { path: '/api/states/sensor.a', headers: { authorization: 'Bearer t' } },
    ]);
  });
});

it('a channel is a number', () => {
  for (const dialect of [tasmota, shelly]) {
    expect(dialect.questions(meter({ entity: '1' }))).toHaveLength(dialect === tasmota ? 1 : 5);
    expect(dialect.questions(meter({ entity: '1&x=2' }))).toHaveProperty('problem');
  }
});

describe('stepTrust', () => {
  const run = (values: readonly (number | null)[], stepJoules = 3.6): boolean =>
    isTrusted(values.reduce((trust, value) => stepTrust(trust, value, stepJoules), initialTrust));

  it('counts with a counter that has moved at five reads in a row, until it stands still', () => {
    // Six values make five moves.
    expect(run([0, 10, 20, 30, 40])).toBe(false);
    expect(run([0, 10, 20, 30, 40, 50])).toBe(true);
    expect(run([0, 10, 20, 30, 40, 50, 50])).toBe(false);
  });

  it('never counts with one that is written once a minute, was reset, went away, or is coarse', () => {
    expect(run([0, 0, 0, 0, 0, 0, 600])).toBe(false);
    expect(run([100, 110, 120, 130, 140, 150, 0])).toBe(false);
    expect(run([0, 10, 20, 30, 40, 50, null])).toBe(false);
    expect(run([0, 60, 120, 180, 240, 300], 60)).toBe(false);
  });
});

it('a count beyond what joules can hold is none', () => {
  const told = parseShellyComponent({ apower: 12, aenergy: { total: 5e304 } });
  expect(told).toEqual({ kind: 'sample', sample: { powerWatts: 12, counterJoules: null, counterStepJoules: 0 } });
});

it('every parser gives a sample of finite numbers from 0 up or says what is missing, whatever comes', () => {
  const odd = fc.oneof(fc.jsonValue(), fc.double(), fc.string(), fc.constant(undefined));
  const shaped = fc.oneof(
    odd,
    odd.map((Power) => ({ StatusSNS: { ENERGY: { Power } } })),
    fc.record({ apower: odd, aenergy: fc.record({ total: odd }) }),
    fc.record({ act_power: odd, a_act_power: odd }),
    fc.record({ meters: fc.array(fc.record({ power: odd, is_valid: odd })), emeters: odd }),
    fc.record({
      state: fc.oneof(odd, fc.double().map(String)),
      attributes: fc.record({ unit_of_measurement: fc.constantFrom('W', 'kWh', 'Wh', 'x') }),
    }),
  );
  const parsers = [
    (body: unknown) => parseTasmota(body, 0),
    parseShellyComponent,
    parseShellyClamp,
    (body: unknown) => parseShellyPhases(body, 0),
    (body: unknown) => parseShellyStatus(body, 0),
    parseHomeAssistant,
  ];
  fc.assert(
    fc.property(shaped, fc.constantFrom(...parsers), (body, parse) => {
      const told = parse(body);
      if (told.kind === 'missing') {
        expect(told.note).toMatch(/\w/);
        return;
      }
      const { powerWatts, counterJoules } = told.sample;
      expect(powerWatts !== null || counterJoules !== null).toBe(true);
      for (const value of [powerWatts ?? 0, counterJoules ?? 0])
        expect(Number.isFinite(value) && value >= 0).toBe(true);
    }),
    { numRuns: 500 },
  );
});
