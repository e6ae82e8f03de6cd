import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJson } from './find-json.ts';
import { parseAmdSmi } from './parse-amd-smi.ts';
import { parseRocmSmi } from './parse-rocm-smi.ts';

/** Put together from the documented fields of `amd-smi metric --json`: no whole answer of a real board was found. */
const metric = [
  {
    gpu: 0,
    usage: { gfx_activity: { value: 42, unit: '%' }, umc_activity: { value: 1, unit: '%' } },
    power: { socket_power: { value: 20, unit: 'W' }, gfx_voltage: { value: 780, unit: 'mV' } },
    clock: { gfx_0: { clk: { value: 14, unit: 'MHz' } }, mem_0: { clk: { value: 96, unit: 'MHz' } } },
    temperature: { edge: { value: 33, unit: 'C' }, hotspot: { value: 35, unit: 'C' } },
    energy: { total_energy_consumption: { value: 20_909_145.914, unit: 'J' } },
    mem_usage: { total_vram: { value: 65_520, unit: 'MB' }, used_vram: { value: 16, unit: 'MB' } },
  },
  {
    gpu: 1,
    usage: 'N/A',
    power: { socket_power: 'N/A' },
    clock: 'N/A',
    temperature: 'N/A',
    energy: 'N/A',
    mem_usage: 'N/A',
  },
];

describe('parseAmdSmi', () => {
  it('reads values with their units; a group that collapsed to N/A is null, not 0', () => {
    const answer = parseAmdSmi(JSON.stringify(metric));
    if (answer.kind === 'refused') throw new Error(answer.reason);
    expect(answer.gpus[0]).toMatchObject({
      index: 0,
      powerWatts: 20,
      powerKind: 'current',
      utilizationRatio: 0.42,
      clockMegahertz: 14,
      memoryClockMegahertz: 96,
      temperatureCelsius: 33,
      counterJoules: 20_909_145.914,
      // 16 MiB
      memoryUsedBytes: 16_777_216,
    });
    const { index, ...second } = answer.gpus[1]!;
    expect(index).toBe(1);
    expect(Object.values(second).every((value) => value === null)).toBe(true);
  });

  it('reads the newer form, an object with gpu_data, and text with its unit', () => {
    const answer = parseAmdSmi(
      JSON.stringify({ gpu_data: [{ gpu: 0, power: { average_socket_power: '94 W' }, bdf: '0000:83:00.0' }] }),
    );
    expect(answer).toMatchObject({ gpus: [{ powerWatts: 94, powerKind: 'average', busId: '0000:83:00.0' }] });
  });

  it('reads addresses and serial numbers of list and static', () => {
    const entry = {
      gpu: 3,
      asic: { market_name: 'AMD Instinct MI300X', asic_serial: '0x4edfb117a17a07d' },
      bus: { bdf: '0000:A3:00.0' },
    };
    expect(parseAmdSmi(JSON.stringify([entry]))).toMatchObject({
      gpus: [{ index: 3, uniqueId: '04edfb117a17a07d', busId: '0000:a3:00.0', name: 'AMD Instinct MI300X' }],
    });
  });

  it.each([
    ['the largest of 16 bits', 65_535],
    ['the largest of 32 bits', 4_294_967_295],
    ['the largest of 64 bits', 18_446_744_073_709_551_615n],
    ['negative', -1],
    ['text', '"unknown"'],
  ])('takes a power that is %s for none', (_, value) =>
    expect(parseAmdSmi(`[{"gpu":0,"power":{"socket_power":{"value":${value},"unit":"W"}}}]`)).toMatchObject({
      gpus: [{ powerWatts: null }],
    }),
  );

  it('takes a value in another unit for none, rather than a thousandfold', () =>
    expect(parseAmdSmi('[{"gpu":0,"power":{"socket_power":{"value":20000,"unit":"mW"}}}]')).toMatchObject({
      gpus: [{ powerWatts: null }],
    }));

  it.each([
    ['', 'it printed nothing'],
    ['AMDSMI_STATUS_DRIVER_NOT_LOADED\n', 'it printed no JSON: AMDSMI_STATUS_DRIVER_NOT_LOADED'],
    ['{"gpu_data": "N/A"}', 'its JSON has no list of GPUs'],
    ['[]', 'its JSON names no GPU'],
    ['[{"gpu": "x"}, 5, null, [1]]', 'its JSON names no GPU'],
    ['[{"gpu": 0, "power": {', 'its JSON is cut short'],
  ])('refuses %j: %s', (text, reason) => expect(parseAmdSmi(text)).toEqual({ kind: 'refused', reason }));
});

describe('parseRocmSmi', () => {
  it('gives no power, not 0, to second dies: the first ones report for both', () => {
    // As an MI250 says it in text (ROCm/rocm_smi_lib issue 160), put into the JSON form.
    const watts = ['237.0', 'N/A (Secondary die)', '230.0', 'N/A (Secondary die)'];
    const cards = Object.fromEntries(
      watts.map((text, i) => [`card${i}`, { 'Average Graphics Package Power (W)': text }]),
    );
    const answer = parseRocmSmi(JSON.stringify(cards));
    if (answer.kind === 'refused') throw new Error(answer.reason);
    expect(answer.gpus.map((gpu) => gpu.powerWatts)).toEqual([237, null, 230, null]);
  });

  it('makes joules of a counter that stands alone', () =>
    // 1,000,000 counts · 15.3 µJ
    expect(parseRocmSmi('{"card0": {"Energy counter": "1000000"}}')).toMatchObject({
      gpus: [{ counterJoules: 15.3 }],
    }));

  it('takes cards in any order, and no entry that is no card', () => {
    const answer = parseRocmSmi('{"card2": {}, "system": {"Driver version": "6.3.6"}, "card0": {}, "cardinal": {}}');
    expect(answer).toMatchObject({ gpus: [{ index: 0 }, { index: 2 }] });
  });

  it('refuses JSON without a card', () =>
    expect(parseRocmSmi('{"system": {"Driver version": "6.3.6"}}')).toEqual({
      kind: 'refused',
      reason: 'its JSON names no card',
    }));
});

describe('findJson', () => {
  it('finds it behind warnings, log lines in brackets and the preamble of watch mode, before the next sample', () => {
    const text = `x.py:1: SyntaxWarning: 'return' in a 'finally' block\n  return r\n[INFO] loading\n'CTRL' + 'C' to stop:\n[\n {"a": "]"}\n]\n[\n 2\n]\n`;
    expect(findJson(text)).toEqual({ kind: 'json', value: [{ a: ']' }] });
  });

  it('refuses what is too long', () =>
    expect(findJson(`[${' '.repeat(1024 * 1024)}]`)).toMatchObject({ reason: 'its answer is longer than 1 MiB' }));

  it('ends in good time on brackets that never close', () => {
    const startedMs = performance.now();
    expect(findJson('[\n'.repeat(500_000))).toEqual({ kind: 'refused', reason: 'its JSON is cut short' });
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });

  it('gives back any JSON object, whatever lines stand before it', () => {
    const line = fc.string({ maxLength: 40 }).map((text) => text.replace(/[[{\r\n\u2028\u2029]/g, ' '));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), fc.dictionary(fc.string(), fc.jsonValue()), (lines, value) => {
        const printed = JSON.stringify(value, null, 1);
        expect(findJson([...lines, printed].join('\n'))).toEqual({ kind: 'json', value: JSON.parse(printed) });
      }),
    );
  });

  it('survives any text and any JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        for (const parse of [parseAmdSmi, parseRocmSmi]) {
          const answer = parse(text);
          if (answer.kind === 'gpus')
            for (const gpu of answer.gpus) expect(gpu.powerWatts ?? 0).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
