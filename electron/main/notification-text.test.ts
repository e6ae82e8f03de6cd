import { describe, expect, it } from 'vitest';
import { type AlertLogEntry, alertEntryDefaults } from '../../shared/model/alert.ts';
import type { LiveRun } from '../../shared/model/live.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { alertText, endedRunText, type NotificationText } from './notification-text.ts';
import { speechFor } from './speech.ts';

const english = speechFor('en');
const chinese = speechFor('zh-CN');
const plain = ({ title, body }: NotificationText): NotificationText => ({
  title,
  body: body.replaceAll('\u202f', ' '),
});

const entry: AlertLogEntry = {
  ...alertEntryDefaults,
  id: 'a1',
  ruleId: 'r1',
  ruleName: 'Power above 4.5 kW for 30 s',
  level: 'warning',
  scopeLabel: 'Whole machine',
  firedAtMs: 0,
  clearedAtMs: null,
  valueWatts: 4542,
  peakWatts: 4542,
  limitWatts: 4500,
  runIds: ['x', 'y'],
  isTest: false,
  isAcknowledged: false,
  deliveries: [],
};
const run = (id: string, name: string, powerWatts: number | null): LiveRun => ({ id, name, powerWatts }) as LiveRun;

describe('what an alert says', () => {
  it('is in the unit of its rule, with the share of a budget, or how a run ended', () => {
    const hot = {
      ...entry,
      ruleName: 'Hotter than 85 °C',
      scopeLabel: 'GPU 2',
      unit: '°C',
      value: 89,
      valueWatts: null,
    };
    expect(plain(alertText(hot, [], english)).body).toBe('GPU 2: 89.0 °C now.');
    const budget = { ...entry, ruleName: 'Budget', unit: 'kWh', value: 80, valueWatts: null, stagePercent: 80 };
    expect(plain(alertText(budget, [], english))).toEqual({ title: '80 % of Budget', body: '80.0 kWh now.' });
    const ended = { ...entry, scopeLabel: 'sft-r3', outcome: 'failed, exit code 1', value: null, valueWatts: null };
    expect(alertText(ended, [], english).body).toBe('sft-r3 failed');
  });

  it('is the rule, the power, and the run that draws most of it', () => {
    const runs = [run('x', 'small', 800), run('y', 'llama3-8b-sft-r3', 2953), run('z', 'elsewhere', 9000)];
    expect(plain(alertText(entry, runs, english))).toEqual({
      title: 'Power above 4.5 kW for 30 s',
      body: '4,542 W now. llama3-8b-sft-r3 draws 2,953 W.',
    });
  });

  it('names the device, and no run where none is known', () => {
    const onGpu = { ...entry, scopeLabel: 'GPU 3', valueWatts: 702, runIds: [] };
    expect(plain(alertText(onGpu, [], english)).body).toBe('GPU 3: 702 W now.');
  });

  it('says that it is a test', () => {
    expect(alertText({ ...entry, isTest: true }, [], english).title).toBe('Test: Power above 4.5 kW for 30 s');
  });

  it('speaks Chinese', () => {
    expect(plain(alertText({ ...entry, scopeLabel: 'GPU 3' }, [], chinese)).body).toBe('GPU 3：当前 4,542 W。');
    const named = { ...entry, ruleName: 'Power above 4500 W for 30 s', scopeLabel: 'Memory', target: 'dram:0' };
    expect(plain(alertText(named, [], chinese))).toEqual({
      title: '功率高于 4500 W 持续 30 秒',
      body: '内存：当前 4,542 W。',
    });
    const budget = { ...entry, ruleName: 'Budget 50 kWh (month)', unit: 'kWh', value: 40, stagePercent: 80 };
    expect(plain(alertText(budget, [], chinese))).toEqual({
      title: '预算 50 kWh（月）：已用 80 %',
      body: '当前 40.0 kWh。',
    });
    const failed = {
      ...entry,
      ruleName: 'Run ended: finished, failed or interrupted',
      scopeLabel: 'sft-r3',
      outcome: 'interrupted',
    };
    expect(alertText(failed, [], chinese)).toEqual({ title: '训练结束：完成、失败或中断', body: 'sft-r3 已中断' });
  });

  it('leaves what users named as it is, in any language', () => {
    const own = { ...entry, ruleName: 'Breaker of rack 4', scopeLabel: 'Memory', target: 'run:r1' };
    expect(plain(alertText(own, [], chinese))).toEqual({ title: 'Breaker of rack 4', body: 'Memory：当前 4,542 W。' });
  });
});

describe('what an ended run says', () => {
  const report = {
    run: { name: 'llama3-8b-sft-r2', status: 'finished', durationSeconds: 11 * 3600 + 24 * 60 },
    // 31.7 kWh between 31.1 and 32.3
    energy: { totalJoules: 114_120_000, lowJoules: 111_960_000, highJoules: 116_280_000, coverage: 1 },
    emissions: { gramsCO2e: 13_480 },
    cost: { amount: 8.889, currency: 'EUR' },
  } as unknown as RunReport;

  it('is energy with its bounds, time, emissions and cost', () => {
    expect(plain(endedRunText(report, english))).toEqual({
      title: 'llama3-8b-sft-r2 finished',
      body: '31.7 kWh (31.1 – 32.3) in 11 h 24 min, 13.5 kg CO₂e, €8.89.',
    });
  });

  it('leaves out a price that nobody set and says what failed', () => {
    const failed = { ...report, cost: null, run: { ...report.run, status: 'failed' as const } };
    expect(plain(endedRunText(failed, english))).toEqual({
      title: 'llama3-8b-sft-r2 failed',
      body: '31.7 kWh (31.1 – 32.3) in 11 h 24 min, 13.5 kg CO₂e.',
    });
  });
});
