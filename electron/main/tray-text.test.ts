import { describe, expect, it } from 'vitest';
import { type LiveState, liveStateSchema } from '../../shared/model/live.ts';
import { speechFor } from './speech.ts';
import { type TrayFacts, type TrayText, trayText } from './tray-text.ts';

const live: LiveState = liveStateSchema.parse({
  atMs: 0,
  periodSeconds: 1,
  isSimulated: false,
  machine: { powerWatts: 4542, lowWatts: 4400, highWatts: 4600, isLowerBound: false, evidence: [] },
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
  devices: [],
  runs: [],
  alerts: [],
  factor: {
    intensityGramsCO2ePerKwh: 475,
    intensitySource: 'x',
    intensityYear: null,
    region: 'WORLD',
    regionName: 'World',
    pue: 1,
  },
  price: null,
  storage: { kind: 'recording', message: null, sizeBytes: null },
  sources: { answering: 1, expected: 1 },
  overhead: { cpuRatio: null, toolsCpuRatio: null, powerWatts: null, memoryBytes: null },
});

const run = {
  id: 'r3',
  name: 'R&D llama3-8b-sft-r3',
  project: null,
  status: 'running' as const,
  colorIndex: 0,
  startedAtMs: 0,
  durationSeconds: 60,
  powerWatts: 2953,
  // 3 kWh
  totalJoules: 10_800_000,
  lowJoules: null,
  highJoules: null,
  coverage: 1,
  meanWatts: 180_000,
  provenance: null,
  emissionsGramsCO2e: null,
  costAmount: null,
  isLowerBound: false,
  deviceIds: [],
  progress: null,
};

const alert = {
  id: 'a',
  ruleId: 'u',
  ruleName: 'Power above 4.5 kW',
  level: 'warning' as const,
  scopeLabel: 'Whole machine',
  firedAtMs: 0,
  valueWatts: 4542,
  peakWatts: 4542,
  limitWatts: 4500,
  isAcknowledged: false,
};

function text(facts: Partial<TrayFacts>): TrayText {
  const made = trayText({ isConnected: true, live, hostName: 'hgx-07', speech: speechFor('en'), ...facts });
  return JSON.parse(JSON.stringify(made).replaceAll('\u202f', ' ')) as TrayText;
}

describe('the tray', () => {
  it('says the power now, the machine and the running runs with their energy', () => {
    expect(text({ live: { ...live, runs: [run, { ...run, id: 'old', status: 'finished' }] } })).toEqual({
      sign: 'logo',
      title: '4.54 kW',
      toolTip: 'Wattrun · 4.54 kW',
      heading: 'hgx-07 · 4,542 W',
      machine: 'hgx-07',
      runs: [{ id: 'r3', label: 'R&&D llama3-8b-sft-r3 · 3.00 kWh' }],
    });
  });

  it('says what each run cost once there is a price', () => {
    const priced = { ...live, price: { pricePerKwh: 0.3, currency: 'EUR' }, runs: [{ ...run, costAmount: 0.9 }] };
    expect(text({ live: priced }).runs).toEqual([{ id: 'r3', label: 'R&&D llama3-8b-sft-r3 · 3.00 kWh · €0.90' }]);
  });

  it('shows a triangle and the rule while an alert fires', () => {
    const shown = text({ live: { ...live, alerts: [alert] } });
    expect(shown.sign).toBe('alert');
    expect(shown.toolTip).toBe('Wattrun · 4.54 kW\n▲ Power above 4.5 kW');
  });

  it('speaks Chinese, of rules that nobody named too', () => {
    const usual = { ...alert, ruleName: 'Power above 4500 W for 30 s' };
    const shown = text({ live: { ...live, alerts: [usual], isSimulated: true }, speech: speechFor('zh-CN') });
    expect(shown.toolTip).toBe('Wattrun · 4.54 kW · 模拟\n▲ 功率高于 4500 W 持续 30 秒');
    expect(text({ isConnected: false, speech: speechFor('zh-CN') }).heading).toBe('引擎无应答');
  });

  it('says that a sum is a lower bound, and that a number is made up', () => {
    expect(text({ live: { ...live, machine: { ...live.machine, isLowerBound: true } } }).title).toBe('≥ 4.54 kW');
    expect(text({ live: { ...live, isSimulated: true } }).title).toBe('4.54 kW (simulated)');
  });

  it('shows a dash and a cross without an engine, never an old number', () => {
    expect(text({ isConnected: false })).toMatchObject({ sign: 'lost', title: '–', heading: 'Engine not answering' });
    expect(text({ live: null })).toMatchObject({ sign: 'logo', title: '–' });
    expect(text({ live: { ...live, machine: { ...live.machine, powerWatts: null } } }).title).toBe('–');
  });

  it('cuts a long name and a long list', () => {
    const runs = Array.from({ length: 30 }, (_, i) => ({ ...run, id: `r${i}`, name: 'x'.repeat(90) }));
    const shown = text({ live: { ...live, runs } });
    expect(shown.runs).toHaveLength(8);
    expect(shown.runs[0]!.label).toBe(`${'x'.repeat(39)}… · 3.00 kWh`);
  });
});
