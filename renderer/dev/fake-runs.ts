import { WattrunError } from '../../shared/contract/errors.ts';
import type { Counted } from '../../shared/model/progress.ts';
import type { RunDomain, RunReport, RunSummary } from '../../shared/model/run.ts';
import { isoFromUnixMs, joulesFromKwh, msFromSeconds } from '../../shared/units.ts';
import { runDomain, runReport, runSummary } from '../runs/run-fixtures.ts';
import { runStartMinutes, type Scene } from './traces.ts';

const newGain = { lowRatio: 0.95, highRatio: 1.08 };
const oldGain = { lowRatio: 0.88, highRatio: 1.09 };
const minuteMs = 60_000;

/** The record of the pictures' server: two that run, one found, one failed, one without any reading. */
export function fakeSummaries(scene: Scene): readonly RunSummary[] {
  const at = (minutesAgo: number): string => isoFromUnixMs(scene.startMs - minutesAgo * minuteMs);
  return [
    runSummary({
      id: 'r1',
      name: 'llama3-8b-sft-r3',
      status: 'running',
      startedAt: at(-runStartMinutes[0]),
      endedAt: null,
      exitCode: null,
      durationSeconds: 13_260,
      totalJoules: joulesFromKwh(10.83),
      lowJoules: joulesFromKwh(10.66),
      highJoules: joulesFromKwh(11),
      coverage: 0.994,
    }),
    runSummary({
      id: 'r2',
      name: 'vit-l-drop02',
      project: 'vision',
      tags: {},
      status: 'running',
      foundBy: 'process',
      command: null,
      startedAt: at(-runStartMinutes[1]),
      endedAt: null,
      exitCode: null,
      durationSeconds: 3120,
      totalJoules: joulesFromKwh(1.16),
      lowJoules: joulesFromKwh(1.14),
      highJoules: joulesFromKwh(1.18),
      colorIndex: 1,
      devices: '2 × NVIDIA H100 80GB HBM3',
    }),
    runSummary({ startedAt: at(1700), endedAt: at(1016) }),
    runSummary({
      id: 'f1',
      name: 'train.py in ~/nanogpt',
      project: 'nanogpt',
      tags: {},
      foundBy: 'process',
      command: null,
      startedAt: at(2100),
      endedAt: at(2040),
      durationSeconds: 3571,
      exitCode: null,
      totalJoules: joulesFromKwh(1.9),
      lowJoules: joulesFromKwh(1.85),
      highJoules: joulesFromKwh(1.95),
      colorIndex: 2,
    }),
    runSummary({
      id: 'f2',
      name: 'train.py in ~/nanogpt',
      project: 'nanogpt',
      tags: {},
      foundBy: 'process',
      command: null,
      status: 'interrupted',
      startedAt: at(2030),
      endedAt: at(2000),
      durationSeconds: 1800,
      exitCode: null,
      totalJoules: joulesFromKwh(0.8),
      lowJoules: joulesFromKwh(0.6),
      highJoules: joulesFromKwh(1),
      coverage: 0.81,
      colorIndex: 3,
    }),
  ];
}

export function fakeReport(run: RunSummary): RunReport {
  const {
    totalJoules,
    lowJoules,
    highJoules,
    coverage,
    meanWatts,
    peakWatts,
    provenance,
    devices,
    emissions,
    cost,
    ...own
  } = run;
  return {
    ...runReport({
      run: { ...own, notes: '' },
      energy: {
        totalJoules,
        lowJoules,
        highJoules,
        coverage,
        meanWatts,
        peakWatts,
        provenance,
        domains: fakeDomains(run),
        wall: {
          joules: joulesFromKwh(14.2),
          lowJoules: joulesFromKwh(13.1),
          highJoules: joulesFromKwh(15.3),
          isMeasured: false,
          meter: null,
          coverage: 0.99,
        },
      },
      emissions,
      ...fakeProgress(run),
    }),
    cost,
  };
}

/** Four epochs, the third with a gap, and one that is under way. */
function fakeProgress(run: RunSummary): Pick<RunReport, 'progress' | 'epochs' | 'windows'> {
  const startMs = Date.parse(run.startedAt);
  const each = (run.totalJoules ?? 0) / 4.5;
  const seconds = run.durationSeconds / 4.5;
  const at = (part: number): string => new Date(startMs + part * seconds * 1000).toISOString();
  const counted = (count: number): Counted => ({
    count,
    joulesEach: (each * 4) / count,
    lowJoulesEach: (each * 3.9) / count,
    highJoulesEach: (each * 4.1) / count,
    isShort: false,
    source: 'log:hf-trainer',
  });
  return {
    progress: { steps: counted(1680), epochs: counted(4), samples: null, tokens: counted(220_200_960) },
    epochs: [1, 1, 0.9, 1, 0.5].map((part, i) => ({
      index: i + 1,
      isDone: i < 4,
      from: at(i),
      to: at(Math.min(i + 1, 4.5)),
      seconds: i < 4 ? seconds : seconds / 2,
      joules: each * part,
      lowJoules: each * part * 0.97,
      highJoules: each * part * (part === 0.9 ? 1.12 : 1.03),
      coverage: part === 0.9 ? 0.9 : 1,
      steps: i < 4 ? 420 : 0,
      isShort: false,
    })),
    windows: [
      { name: 'data', count: 1680, seconds: 60, joules: each / 9, lowJoules: 0, highJoules: each / 4, isShort: true },
    ],
  };
}

/** GPUs in every state that a run's page tells of: held back, disagreeing, not to be divided, bridged and unbridged gaps. */
function fakeDomains(run: RunSummary): RunDomain[] {
  const share = (run.totalJoules ?? 0) / 5;
  const bounds = { joules: share, runJoules: share, runLowJoules: share * 0.985, runHighJoules: share * 1.015 };
  const startMs = Date.parse(run.startedAt);
  const gap = (minute: number, seconds: number, isBridged: boolean, reason: 'restart' | 'lost') => ({
    from: isoFromUnixMs(startMs + minute * minuteMs),
    to: isoFromUnixMs(startMs + minute * minuteMs + msFromSeconds(seconds)),
    reason,
    isBridged,
  });
  const checked = (samplesOverCounter: number) => ({
    counterJoules: share,
    samplesJoules: share * samplesOverCounter,
  });
  const gpu = (index: number, changes: Partial<RunDomain>): RunDomain =>
    runDomain({
      id: `gpu:${index}`,
      name: 'NVIDIA H100 80GB HBM3',
      label: `GPU ${index}`,
      ...bounds,
      gain: newGain,
      gaps: [gap(5, 75, true, 'restart')],
      ...changes,
    });
  return [
    gpu(0, { check: checked(1.012), heldBackSeconds: { 'power-cap': 0.62 * run.durationSeconds, heat: 0 } }),
    gpu(1, { check: checked(0.9999), heldBackSeconds: { 'power-cap': 0.58 * run.durationSeconds } }),
    gpu(2, { check: checked(0.937), heldBackSeconds: {}, splitBy: 'cannot-be-split' }),
    gpu(3, {
      check: null,
      gain: oldGain,
      heldBackSeconds: { heat: 250, 'hardware-slowdown': 2, 'power-cap': 12 },
      gaps: [gap(5, 75, true, 'restart'), gap(20, 180, false, 'lost')],
      coverage: 0.94,
    }),
    gpu(4, { splitBy: 'none', runJoules: 0, runLowJoules: 0, runHighJoules: 0 }),
    runDomain({
      id: 'cpu:0',
      kind: 'cpu',
      name: 'Xeon 8480C',
      label: 'CPU',
      source: 'rapl',
      splitBy: 'cpu-time',
      joules: share * 0.5,
      runJoules: share * 0.3,
      runLowJoules: share * 0.28,
      runHighJoules: share * 0.32,
      meanWatts: 396,
      peakWatts: 420,
    }),
    runDomain({
      id: 'dram:0',
      kind: 'dram',
      name: '2 TiB DDR5',
      label: 'Memory',
      source: 'memory-model',
      provenance: 'model',
      splitBy: 'assumed',
      joules: share * 0.2,
      runJoules: share * 0.1,
      runLowJoules: share * 0.06,
      runHighJoules: share * 0.15,
      meanWatts: 112,
      peakWatts: 118,
      gaps: [gap(5, 75, false, 'restart')],
    }),
  ];
}

/** The record that requests change: names, merged and put-aside runs. */
export function createFakeRecord(scene: Scene) {
  let runs = [...fakeSummaries(scene)];
  const aside = new Map<string, RunSummary>();
  const find = (runId: string): RunSummary => {
    const run = runs.find((one) => one.id === runId);
    if (run === undefined) throw new WattrunError('runs/not-found', `There is no run ${runId}.`);
    return run;
  };
  const putAside = (runIds: readonly string[]): number => {
    for (const run of runs) if (runIds.includes(run.id)) aside.set(run.id, run);
    const before = runs.length;
    runs = runs.filter((run) => !runIds.includes(run.id));
    return before - runs.length;
  };
  return {
    list: () => runs,
    read: (runId: string) => fakeReport(find(runId)),
    update(runId: string, change: Partial<RunSummary>): RunSummary {
      const changed = { ...find(runId), ...change };
      runs = runs.map((run) => (run.id === runId ? changed : run));
      return changed;
    },
    putAside,
    restore(runIds: readonly string[]): number {
      const back = runIds.flatMap((id) => aside.get(id) ?? []);
      runs = [...runs, ...back];
      for (const { id } of back) aside.delete(id);
      return back.length;
    },
    merge(intoId: string, ids: readonly string[]): RunSummary {
      const into = find(intoId);
      const joules = [into, ...ids.map(find)].reduce((sum, run) => sum + (run.totalJoules ?? 0), 0);
      putAside(ids);
      return this.update(intoId, { totalJoules: joules, lowJoules: joules * 0.98, highJoules: joules * 1.02 });
    },
  };
}
