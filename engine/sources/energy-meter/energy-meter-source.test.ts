import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { exampleContext } from '../../../tests/examples.ts';
import { systemClock } from '../../clock/clock.ts';
import type { Source, SourceReading } from '../source.ts';
import { createEnergyMeterDefinition, type EnergyMeterHost } from './energy-meter-source.ts';

const recordings = join(import.meta.dirname, 'recordings');
const context = exampleContext(systemClock);
const signal = new AbortController().signal;
let open: Source[] = [];
afterEach(async () => {
  for (const source of open.splice(0)) await source.close();
  open = [];
});

/** A Windows whose typeperf is this script of Node's. */
const host = (script: string, change: Partial<EnergyMeterHost> = {}): EnergyMeterHost => ({
  platform: 'win32',
  command: process.execPath,
  args: ['-e', script],
  probeTimeoutMs: 5000,
  ...change,
});
const plays = (name: string, then = 'setInterval(() => {}, 1000)'): string =>
  `process.stdout.write(require("node:fs").readFileSync(${JSON.stringify(join(recordings, name))})); ${then}`;

async function opened(script: string, of = context): Promise<Source> {
  const found = await createEnergyMeterDefinition(host(script)).probe(of);
  if (found.kind === 'unavailable') throw new Error(found.reason);
  const source = await found.open();
  open.push(source);
  return source;
}
const reasonOf = async (given: EnergyMeterHost): Promise<string> => {
  const found = await createEnergyMeterDefinition(given).probe(context);
  return found.kind === 'unavailable' ? found.reason : 'available';
};

describe('createEnergyMeterDefinition', { timeout: 20_000 }, () => {
  it('reads the counters of package and DRAM', async () => {
    const source = await opened(plays('server.csv'));
    const readings: SourceReading[] = [];
    // Three rows: the first has no package counter yet, its powers are -1; its DRAM energy is there.
    await expect.poll(async () => readings.push(...(await source.read(signal))), { timeout: 5000 }).toBe(6);
    const package0 = readings.filter((reading) => reading.domain.id === 'cpu:0');
    expect(package0.map((reading) => reading.powerWatts)).toEqual([null, 20, 20]);
    // 5 555 555 556 pWh a second is 20 W.
    const [, second, third] = package0.map((reading) => reading.counterJoules ?? Number.NaN);
    expect((third ?? 0) - (second ?? 0)).toBeCloseTo(20, 3);
    expect(source.domains().map(({ id, provenance }) => [id, provenance])).toEqual([
      ['cpu:0', 'counter'],
      ['dram:0', 'counter'],
    ]);
    expect(readings.find((reading) => reading.domain.id === 'dram:0')?.domain.gain?.highRatio).toBe(1.2);
  });

  it('covers the CPU alone where the DRAM is not fitted', async () => {
    const found = await createEnergyMeterDefinition(host(plays('client-decimal-comma.csv'))).probe(context);
    expect(found).toMatchObject({ kind: 'available', covers: ['cpu'], how: 'typeperf, cpu:0' });
    if (found.kind === 'available') open.push(await found.open());
  });

  it('says in words what is missing', async () => {
    expect(await reasonOf(host('', { platform: 'linux' }))).toBe(
      'The energy meter is a part of Windows; this is another system.',
    );
    expect(await reasonOf(host(plays('no-counters.txt', 'process.exit(1)')))).toContain('exit 1');
    expect(await reasonOf(host('', { command: 'C:/nowhere/typeperf' }))).toContain('ENOENT');
    expect(await reasonOf(host('setInterval(() => {}, 1000)', { probeTimeoutMs: 500 }))).toBe(
      'Windows gave no row of its energy meter in time.',
    );
    const still =
      '"(PDH-CSV 4.0)","\\\\\\\\PC\\\\Energy Meter(RAPL_Package0_PKG)\\\\Power","\\\\\\\\PC\\\\Energy Meter(RAPL_Package0_PKG)\\\\Energy"';
    const rows = '\\n"t","-1","0"\\n"t","0","0"\\n"t","0","0"';
    expect(await reasonOf(host(`console.log('${still}${rows}'); setInterval(() => {}, 1000)`))).toBe(
      'Windows lists an energy meter for the CPU, but it counts nothing: all its values are 0.',
    );
    const other = '"(PDH-CSV 4.0)","\\\\\\\\PC\\\\Energy Meter(apu power)\\\\Power"';
    expect(await reasonOf(host(`console.log('${other}'); setInterval(() => {}, 1000)`))).toContain(
      'no meter of a CPU package',
    );
  });

  it('takes no row that is shorter or longer than its header', async () => {
    const header = '"(PDH-CSV 4.0)","\\\\\\\\PC\\\\Energy Meter(RAPL_Package0_PKG)\\\\Power"';
    const source = await opened(
      `console.log('${header}\\n"t"\\n"t","1000","9"\\n"t","2000"\\n"t","3000'); setInterval(() => {}, 1000)`,
    );
    const readings: SourceReading[] = [];
    await expect.poll(async () => readings.push(...(await source.read(signal))), { timeout: 3000 }).toBeGreaterThan(0);
    expect(readings.map((reading) => reading.powerWatts)).toEqual([2]);
  });

  it('gives missing readings, with the reason, once it has been silent', async () => {
    let lateMs = 0;
    const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + lateMs };
    const source = await opened(
      plays('client-decimal-comma.csv', 'setTimeout(() => process.exit(9), 300)'),
      exampleContext(clock),
    );
    await source.read(signal);
    lateMs = 5000;
    await expect
      .poll(async () => (await source.read(signal)).map((reading) => reading.missing?.note).join(), { timeout: 5000 })
      .toContain('exit 9');
  });
});
