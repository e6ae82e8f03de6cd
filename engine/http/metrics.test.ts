import { describe, expect, it } from 'vitest';
import type { LiveDevice, LiveRun, LiveState } from '../../shared/model/live.ts';
import { exampleGpu, exampleRun } from '../../tests/examples.ts';
import { renderMetrics } from './metrics.ts';

const device = (change: Partial<LiveDevice> = {}): LiveDevice => ({
  domain: exampleGpu({ name: 'A "B" \\ C\nD' }),
  state: 'busy',
  stateSinceMs: 0,
  note: null,
  powerWatts: 312.5,
  lowWatts: 307.5,
  highWatts: 317.5,
  limitWatts: 400,
  utilizationRatio: 0,
  memoryUsedBytes: 1024,
  memoryTotalBytes: null,
  temperatureCelsius: null,
  clockMegahertz: null,
  memoryClockMegahertz: null,
  throttleReasons: [],
  instantWatts: null,
  idleWatts: null,
  disagreementRatio: null,
  health: null,
  energyTodayJoules: null,
  lowTodayJoules: null,
  highTodayJoules: null,
  provenance: 'counter',
  source: 'nvml',
  runIds: [],
  ...change,
});

const liveRun: LiveRun = {
  id: 'run1',
  name: 'train',
  project: null,
  status: 'running',
  colorIndex: 0,
  startedAtMs: 0,
  durationSeconds: 10,
  powerWatts: 200,
  totalJoules: 2000,
  lowJoules: 1900,
  highJoules: 2100,
  coverage: 1,
  meanWatts: 300,
  provenance: 'counter',
  emissionsGramsCO2e: null,
  costAmount: null,
  isLowerBound: false,
  deviceIds: [],
  progress: null,
};

const live = (devices: readonly LiveDevice[], runs: readonly LiveRun[] = []): LiveState => ({
  atMs: 0,
  periodSeconds: 1,
  isSimulated: false,
  machine: { powerWatts: null, lowWatts: null, highWatts: null, isLowerBound: false, evidence: [] },
  today: {
    energyJoules: null,
    lowJoules: null,
    highJoules: null,
    coverage: 0,
    evidence: [],
    emissionsGramsCO2e: null,
    costAmount: null,
    hourlyJoules: [],
  },
  wall: null,
  unattributedWatts: null,
  devices: [...devices],
  runs: [...runs],
  alerts: [],
  factor: exampleRun().factor,
  price: null,
  storage: { kind: 'recording', message: null, sizeBytes: null },
  sources: { answering: 1, expected: 1 },
  overhead: { cpuRatio: null, toolsCpuRatio: null, powerWatts: null, memoryBytes: null },
});

describe('the metrics', () => {
  const text = renderMetrics(live([device()], [liveRun]), new Map([['gpu:GPU-0', 4321.5]]));
  const labels = 'domain="gpu:GPU-0",kind="gpu",name="A \\"B\\" \\\\ C\\nD",provenance="counter",simulated="false"';

  it('give power, energy, use and memory of a domain, a use of 0 too', () => {
    expect(text).toContain(`\nwattrun_power_watts{${labels}} 312.5\n`);
    expect(text).toContain(`\nwattrun_energy_joules_total{${labels}} 4321.5\n`);
    expect(text).toContain(`\nwattrun_utilization_ratio{${labels}} 0\n`);
    expect(text).toContain(`\nwattrun_memory_used_bytes{${labels}} 1024\n`);
  });

  it('give a running run its share', () => {
    expect(text).toContain('\nwattrun_run_power_watts{run="run1",name="train"} 200\n');
    expect(text).toContain('\nwattrun_run_energy_joules_total{run="run1",name="train"} 2000\n');
  });

  it('leave out what is not known instead of saying 0', () => {
    expect(text).not.toContain('wattrun_temperature_celsius{');
    const lost = device({ powerWatts: null, utilizationRatio: null, memoryUsedBytes: null });
    expect(renderMetrics(live([lost]), new Map())).not.toContain('gpu:GPU-0');
  });

  it('are OpenMetrics: every sample stands under its own family, and the text ends with EOF', () => {
    const lines = text.trimEnd().split('\n');
    expect(lines.at(-1)).toBe('# EOF');
    let family = '';
    let type = '';
    for (const line of lines.slice(0, -1)) {
      const declared = /^# TYPE (\S+) (gauge|counter)$/.exec(line);
      if (declared !== null) [family, type] = [declared[1] ?? '', declared[2] ?? ''];
      else if (line.startsWith('# UNIT')) expect(family.endsWith(`_${line.split(' ')[3]}`), line).toBe(true);
      else if (line.startsWith('# HELP')) expect(line.split(' ')[2]).toBe(family);
      else expect(line).toMatch(new RegExp(`^${family}${type === 'counter' ? '_total' : ''}\\{.*\\} [0-9.e+-]+$`));
    }
  });
});
