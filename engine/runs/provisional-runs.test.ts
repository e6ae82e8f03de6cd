import { describe, expect, it } from 'vitest';
import { exampleRun, exampleTick } from '../../tests/examples.ts';
import type { RunSampleRecord } from '../store/records.ts';
import { createActiveRun } from './active-run.ts';
import { createProvisionalRuns } from './provisional-runs.ts';

const gpu = 'gpu:0';
const sample = (runId: string, joules: number, seconds = 1): RunSampleRecord => ({
  runId,
  domainId: gpu,
  powerWatts: joules / seconds,
  joules,
  seconds,
});

/** A tick of a second in which `train` is on and `idler` may be none; who used the GPU is told after it. */
function setUp() {
  const provisional = createProvisionalRuns();
  const idler = createActiveRun(exampleRun({ id: 'idler' }), 0);
  provisional.add(Object.assign(idler, { isProvisional: true }));
  const total = { runId: 'train', domainId: null, powerWatts: 80, joules: 80, seconds: 1 };
  const rest = { runId: null, domainId: null, powerWatts: 20, joules: 20, seconds: 1 };
  provisional.hold(exampleTick(1000, { runSamples: [total, rest] }));
  return {
    provisional,
    holdAt: (atMs: number, samples: readonly RunSampleRecord[]) => provisional.holdLate([{ atMs, samples }]),
  };
}

describe('what was divided after its tick', () => {
  it('is written but for what a provisional run had of it, which comes with that run', () => {
    const { provisional, holdAt } = setUp();
    const [told] = holdAt(1000, [sample('train', 30, 0.5), sample('idler', 10, 0.5)]);
    expect(told).toEqual({ atMs: 1000, samples: [sample('train', 30, 0.5)] });
    holdAt(1000, [sample('idler', 20, 0.5)]);
    expect(
      provisional.take('idler')?.held.flatMap(({ samples }) => samples.filter(({ domainId }) => domainId === gpu)),
    ).toEqual([sample('idler', 30, 1)]);
  });

  it('is all there when a tick is put right: the part that came with it, and each that came later', () => {
    const { provisional, holdAt } = setUp();
    holdAt(1000, [sample('train', 30, 0.5), sample('idler', 10, 0.5)]);
    holdAt(1000, [sample('train', 40, 0.5)]);
    const more = {
      atMs: 1000,
      runId: 'train',
      domainId: gpu,
      isSummed: true,
      joules: 10,
      lowJoules: 9,
      highJoules: 11,
      seconds: 1,
    };
    const [right] = provisional.correct([more]);
    expect(right?.samples.filter(({ domainId }) => domainId === gpu)).toEqual([sample('train', 80, 1)]);
  });

  it('is held of a tick that was before the run could be one', () => {
    const { provisional, holdAt } = setUp();
    expect(holdAt(0, [sample('train', 5, 0.1), sample('idler', 2, 0.1)])).toEqual([
      { atMs: 0, samples: [sample('train', 5, 0.1)] },
    ]);
    expect(provisional.take('idler')?.held.find(({ atMs }) => atMs === 0)?.samples).toEqual([sample('idler', 2, 0.1)]);
  });
});
