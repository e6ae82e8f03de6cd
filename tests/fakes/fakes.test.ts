import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { installFakeNvidiaSmi } from './install.ts';
import type { FakeConfig, FakeGpu } from './nvidia-smi/config.mjs';
import { createFakePowercap, type FakeZone, startPowercapUpdater, unprivilegedIds } from './powercap.ts';
import { energyJoules, meanWatts, powerWatts, readSensor, type Wave } from './waveform.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'fakes-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** 300 W for the first second of every two, then 100 W. */
const square: Wave = { kind: 'square', lowWatts: 100, highWatts: 300, periodSeconds: 2, dutyRatio: 0.5 };

describe('waveform', () => {
  it('gives the mean of a square wave over whole periods', () => {
    // 1 s at 300 W and 1 s at 100 W: 200 W.
    expect(meanWatts(square, 0, 2)).toBe(200);
  });

  it('gives the 1 s mean across an edge', () => {
    // 0.75 s to 1.75 s: 0.25 s at 300 W and 0.75 s at 100 W: 75 + 75 = 150 W.
    expect(meanWatts(square, 0.75, 1.75)).toBe(150);
  });

  it('integrates a square wave over broken periods and before phase zero', () => {
    // 0 to 3.5 s: high for 2 s, low for 1.5 s: 600 + 150 = 750 J.
    expect(energyJoules(square, 0, 3.5)).toBe(750);
    // -0.5 s to 0.5 s: the end of a low half and the start of a high one: 50 + 150 = 200 J.
    expect(energyJoules(square, -0.5, 0.5)).toBe(200);
  });

  it('integrates a sine and a ramp', () => {
    // Half a period of 4 s: 2 s x 200 W + 100 W x 4 s / pi = 400 + 127.324 = 527.324 J.
    const sine: Wave = { kind: 'sine', lowWatts: 100, highWatts: 300, periodSeconds: 4 };
    expect(energyJoules(sine, 0, 2)).toBeCloseTo(527.324, 3);
    // 0 to 100 W in 10 s is 500 J; 5 s more reach 50 W, mean 25 W: 125 J.
    const ramp: Wave = { kind: 'ramp', lowWatts: 0, highWatts: 100, periodSeconds: 10 };
    expect(energyJoules(ramp, 0, 15)).toBe(625);
  });

  it('reads as each kind of sensor does', () => {
    // At 1.25 s the last update was at 1.2 s; its second began at 0.2 s: 0.8 x 300 + 0.2 x 100 = 260 W.
    const average = readSensor(square, { kind: 'average-1s', updateMs: 100 }, 1.25);
    expect(average.averageWatts).toBeCloseTo(260, 9);
    expect(average.instantWatts).toBe(100);
    // At 1.01 s the last update was at 1.0 s: the 25 ms before it were all high, the moment itself is low.
    const window = readSensor(square, { kind: '25ms-per-100ms' }, 1.01);
    expect(window.drawWatts).toBeCloseTo(300, 9);
    expect(window.averageWatts).toBeNull();
    expect(readSensor(square, { kind: 'instant' }, 1.01).drawWatts).toBe(100);
  });

  it('adds up over any cut, and agrees with a fine sum of its own power', () => {
    const waves = fc.record({
      kind: fc.constantFrom<Wave['kind'][]>('constant', 'square', 'sine', 'ramp'),
      lowWatts: fc.integer({ min: 0, max: 100 }),
      highWatts: fc.integer({ min: 100, max: 700 }),
      periodSeconds: fc.constantFrom(0.5, 1, 3, 10),
      dutyRatio: fc.constantFrom(0.1, 0.5, 0.9),
    });
    const times = fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 1, max: 200 }));
    fc.assert(
      fc.property(waves, times, (wave, [from, tenths]) => {
        const to = from + tenths / 10;
        const middle = from + tenths / 27;
        const whole = energyJoules(wave, from, to);
        expect(energyJoules(wave, from, middle) + energyJoules(wave, middle, to)).toBeCloseTo(whole, 6);
        const steps = 20_000;
        const step = (to - from) / steps;
        let sum = 0;
        for (let index = 0; index < steps; index += 1) sum += powerWatts(wave, from + (index + 0.5) * step) * step;
        // Every edge of a square wave may fall anywhere in one step of the sum.
        const edges = Math.ceil((2 * (to - from)) / wave.periodSeconds) + 2;
        expect(Math.abs(sum - whole)).toBeLessThan(edges * step * wave.highWatts + 1e-3);
      }),
      { numRuns: 30 },
    );
  });
});

const gpuA: FakeGpu = {
  uuid: 'GPU-aaaaaaaa-0000-0000-0000-000000000000',
  name: 'NVIDIA Fake A',
  busId: '00000000:01:00.0',
  limitWatts: 350,
  wave: { kind: 'constant', highWatts: 250 },
  processes: [{ pid: 4242, name: '/usr/bin/python3', smPercent: 97, memoryMiB: 2048 }],
};
const gpuB: FakeGpu = {
  uuid: 'GPU-bbbbbbbb-0000-0000-0000-000000000000',
  name: 'NVIDIA Fake B',
  busId: '00000000:02:00.0',
  limitWatts: 2000,
  // P(t) = t watts for a thousand seconds.
  wave: { kind: 'ramp', lowWatts: 0, highWatts: 1000, periodSeconds: 1000 },
};

const tool = installFakeNvidiaSmi(join(scratch, 'bin'));

function runTool(config: FakeConfig, args: readonly string[]) {
  const env = { ...process.env, FAKE_NVIDIA_SMI: JSON.stringify(config) };
  return spawnSync(tool, args, { encoding: 'utf8', env, timeout: 20_000 });
}

function rowsOf(stdout: string): readonly (readonly string[])[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(', '));
}

/** '2026/07/14 08:12:53.353', local time, as milliseconds since 1970. */
function unixMsOf(timestamp: string): number {
  const [year, month, day, hour, minute, second, millisecond] = timestamp.split(/[/ :.]/).map(Number);
  return new Date(year!, month! - 1, day, hour, minute, second, millisecond).getTime();
}

describe('fake nvidia-smi', () => {
  it('prints header, units and the power of its own timestamp', () => {
    const phaseZeroUnixMs = Date.now() - 10_000;
    const query = '--query-gpu=timestamp,gpu_uuid,power.draw,power.draw.instant,temperature.gpu';
    const result = runTool({ gpus: [gpuA, gpuB], phaseZeroUnixMs }, [query, '--format=csv']);
    const [header, rowA, rowB] = rowsOf(result.stdout);
    expect(header).toEqual(['timestamp', 'uuid', 'power.draw [W]', 'power.draw.instant [W]', 'temperature.gpu']);
    expect(rowA!.slice(1)).toEqual([gpuA.uuid, '250.00 W', '250.00 W', '50']);
    // The ramp is t watts; the sensor last renewed at the 100 ms step u before the timestamp.
    // Instant: u watts. Mean of the second before it: u - 0.5 watts.
    const updateSeconds = Math.floor((unixMsOf(rowB![0]!) - phaseZeroUnixMs) / 100) / 10;
    expect(rowB![3]).toBe(`${updateSeconds.toFixed(2)} W`);
    expect(rowB![2]).toBe(`${(updateSeconds - 0.5).toFixed(2)} W`);
  });

  it('averages the second before each sensor update, row by row, in a loop', async () => {
    const phaseZeroUnixMs = Date.now() - 5000;
    const config: FakeConfig = { gpus: [{ ...gpuA, wave: square }], phaseZeroUnixMs };
    const env = { ...process.env, FAKE_NVIDIA_SMI: JSON.stringify(config) };
    const args = ['--query-gpu=timestamp,power.draw', '--format=csv,noheader,nounits', '-lms', '250'];
    const child = spawn(tool, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (text.split('\n').length > 6) child.kill();
    });
    await new Promise((resolve) => child.once('exit', resolve));
    const rows = rowsOf(text);
    expect(rows.length).toBeGreaterThanOrEqual(6);
    for (const [timestamp, watts] of rows) {
      const updateSeconds = Math.floor((unixMsOf(timestamp!) - phaseZeroUnixMs) / 100) / 10;
      expect(Number(watts)).toBeCloseTo(energyJoules(square, updateSeconds - 1, updateSeconds), 1);
    }
  });

  it('refuses an unknown field by name with exit code 2', () => {
    const result = runTool({ gpus: [gpuA], unknownFields: ['power.draw.instant'] }, [
      '--query-gpu=uuid,power.draw.instant',
      '--format=csv',
    ]);
    expect(result.status).toBe(2);
    expect(result.stdout).toBe('Field "power.draw.instant" is not a valid field to query.\n\n');
    const help = runTool({ gpus: [gpuA], unknownFields: ['power.draw.instant'] }, ['--help-query-gpu']).stdout;
    expect(help).toContain('"name" or "gpu_name"');
    expect(help).not.toContain('"power.draw.instant"');
  });

  it('lists processes, also one whose pid is in a file, and only once the file is there', () => {
    const pidFile = join(scratch, 'pid');
    const config: FakeConfig = {
      gpus: [{ ...gpuA, processes: [{ pid: `FILE:${pidFile}`, name: 'train', memoryMiB: 7 }] }],
    };
    const args = ['--query-compute-apps=pid,used_memory,name', '--format=csv'];
    const header = 'pid, used_gpu_memory [MiB], process_name\n';
    expect(runTool(config, args).stdout).toBe(header);
    writeFileSync(pidFile, '31337\n');
    expect(runTool(config, args).stdout).toBe(`${header}31337, 7 MiB, train\n`);
  });

  it('prints pmon, -L and XML in the layout of the real tool', () => {
    const config: FakeConfig = { gpus: [gpuA, gpuB] };
    const [, , busy, idle] = runTool(config, ['pmon', '-c', '1']).stdout.split('\n');
    expect(busy).toBe('    0       4242     C     97     10      -      -      -      -    python3        ');
    expect(idle).toBe('    1          -     -      -      -      -      -      -      -    -              ');
    expect(runTool(config, ['-L']).stdout).toContain(`GPU 1: NVIDIA Fake B (UUID: ${gpuB.uuid})\n`);
    const xml = runTool(config, ['-q', '-x']).stdout;
    expect(xml).toContain('<gpu id="00000000:01:00.0">');
    expect(xml).toMatch(/<gpu_power_readings>\s*<power_state>P0<\/power_state>\s*<average_power_draw>250\.00 W</);
  });

  it('shows its faults: missing cells, a lost GPU in cells, by its row and for the whole call', () => {
    const args = ['--query-gpu=uuid,power.draw', '--format=csv,noheader'];
    const run = (faults: FakeConfig['faults'] & object) => runTool({ gpus: [gpuA, gpuB], faults }, args);
    expect(run([{ kind: 'not-available', field: 'power.draw', uuid: gpuA.uuid, fromMs: 0 }]).stdout).toContain(
      `${gpuA.uuid}, [N/A]\n`,
    );
    expect(run([{ kind: 'lost-gpu', uuid: gpuA.uuid, fromMs: 0 }]).stdout).toContain(`${gpuA.uuid}, [GPU is lost]\n`);
    expect(run([{ kind: 'lost-gpu', uuid: gpuA.uuid, fromMs: 0, style: 'row' }]).stdout).not.toContain(gpuA.uuid);
    const call = run([{ kind: 'lost-gpu', uuid: gpuA.uuid, fromMs: 0, style: 'call' }]);
    expect(call.stdout).toBe('Unable to determine the device handle for GPU 0000:01:00.0: Unknown Error\n');
    expect(call.status).toBe(15);
    // A fault that is over leaves no trace.
    expect(run([{ kind: 'lost-gpu', uuid: gpuA.uuid, fromMs: 0, toMs: 1 }]).stdout).toContain(
      `${gpuA.uuid}, 250.00 W\n`,
    );
  });

  it('hangs until the fault is over, ends when told to, and splits its lines', () => {
    const args = ['--query-gpu=uuid', '--format=csv,noheader'];
    const phaseZeroUnixMs = Date.now();
    runTool({ gpus: [gpuA], phaseZeroUnixMs, faults: [{ kind: 'hang', fromMs: 0, toMs: 1500 }] }, args);
    expect(Date.now() - phaseZeroUnixMs).toBeGreaterThanOrEqual(1500);
    const exit: FakeConfig = {
      gpus: [gpuA],
      phaseZeroUnixMs: Date.now(),
      faults: [{ kind: 'exit', atMs: 2500, code: 9 }],
    };
    expect(runTool(exit, [...args, '-lms', '100']).status).toBe(9);
    const split = runTool({ gpus: [gpuA], faults: [{ kind: 'split-lines' }, { kind: 'banner' }] }, args);
    expect(split.stdout.split('\n').slice(1)).toEqual([gpuA.uuid, '']);
  });

  it('logs every call', () => {
    const logFile = join(scratch, 'calls.log');
    runTool({ gpus: [gpuA], logFile }, ['-L']);
    runTool({ gpus: [gpuA], logFile }, ['--version']);
    const calls = readFileSync(logFile, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).argv);
    expect(calls).toEqual([['-L'], ['--version']]);
  });
});

describe('fake powercap tree', () => {
  const range = 1_000_000;
  const zones: readonly FakeZone[] = [
    {
      id: 'intel-rapl:0',
      name: 'package-0',
      maxEnergyRangeMicrojoules: range,
      startMicrojoules: 900_000,
      maxPowerWatts: 95,
    },
    { id: 'intel-rapl:0:0', name: 'core' },
    { id: 'intel-rapl-mmio:0', name: 'package-0' },
  ];
  const read = (root: string, zone: string, file: string) =>
    readFileSync(join(root, 'class', 'powercap', zone, file), 'utf8').trimEnd();

  it('has links in class/powercap to nested zones, and loops as the kernel has', () => {
    const { root } = createFakePowercap(join(scratch, 'links'), zones);
    const child = join(root, 'class', 'powercap', 'intel-rapl:0:0');
    expect(lstatSync(child).isSymbolicLink()).toBe(true);
    expect(realpathSync(child)).toBe(
      join(realpathSync(root), 'devices/virtual/powercap/intel-rapl/intel-rapl:0/intel-rapl:0:0'),
    );
    expect(realpathSync(join(child, 'device'))).toBe(realpathSync(join(root, 'class', 'powercap', 'intel-rapl:0')));
    expect(read(root, 'intel-rapl:0', 'constraint_0_max_power_uw')).toBe('95000000');
    expect(existsSync(join(child, 'constraint_0_max_power_uw'))).toBe(false);
  });

  it('advances by what it is told and wraps at its range', () => {
    const powercap = createFakePowercap(join(scratch, 'wrap'), zones);
    powercap.tick({ 'intel-rapl:0': 0.25, 'intel-rapl:0:0': 0.1 });
    // 900,000 + 250,000 = 1,150,000 uJ; the range is 1,000,000: 150,000. A reader sees -750,000 + range = 250,000 uJ.
    expect(read(powercap.root, 'intel-rapl:0', 'energy_uj')).toBe('150000');
    expect(read(powercap.root, 'intel-rapl:0:0', 'energy_uj')).toBe('100000');
    expect(read(powercap.root, 'intel-rapl-mmio:0', 'energy_uj')).toBe('0');
  });

  it('can be made unreadable, for root too, and for a user without root', () => {
    const powercap = createFakePowercap(join(scratch, 'access'), zones);
    powercap.setAccess('intel-rapl:0', 'directory');
    expect(() => readFileSync(powercap.energyFile('intel-rapl:0'))).toThrow(/EISDIR/);
    powercap.setAccess('intel-rapl:0', 'root-only');
    const ids = unprivilegedIds();
    if (ids !== null) {
      // The scratch folder itself is closed to others by mkdtemp, so open it on the way.
      const open = spawnSync('chmod', ['755', scratch]);
      expect(open.status).toBe(0);
      const cat = spawnSync('cat', [powercap.energyFile('intel-rapl:0')], { ...ids, encoding: 'utf8' });
      expect(cat.stderr).toContain('Permission denied');
    }
    powercap.setAccess('intel-rapl:0', 'readable');
    expect(read(powercap.root, 'intel-rapl:0', 'energy_uj')).toBe('900000');
    powercap.remove('intel-rapl-mmio:0');
    expect(existsSync(join(powercap.root, 'class/powercap/intel-rapl-mmio:0'))).toBe(false);
  });

  it('can advance by itself in real time', async () => {
    const driven: FakeZone[] = [{ id: 'intel-rapl:0', name: 'package-0', wave: { kind: 'constant', highWatts: 100 } }];
    const powercap = createFakePowercap(join(scratch, 'driven'), driven);
    const updater = await startPowercapUpdater(powercap, driven, 5);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const beforeMs = Date.now();
    const microjoules = Number(read(powercap.root, 'intel-rapl:0', 'energy_uj'));
    await updater.close();
    // 100 W is 100,000 uJ a millisecond; what is read was written at or before now, and not long before.
    expect(microjoules).toBeLessThanOrEqual((beforeMs + 1 - updater.phaseZeroUnixMs) * 100_000);
    expect(microjoules).toBeGreaterThanOrEqual(200 * 100_000);
  });
});
