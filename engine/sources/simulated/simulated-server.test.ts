import { describe, expect, it } from 'vitest';
import { exampleContext } from '../../../tests/examples.ts';
import { createFakeClock } from '../../clock/fake-clock.ts';
import type { SourceReading } from '../source.ts';
import { hotGpu, notebook, outage } from './scenario.ts';
import { createSimulatedServer } from './simulated-server.ts';

const openedAtMs = Date.UTC(2026, 0, 15, 12);

async function readAt(seconds: number): Promise<readonly SourceReading[]> {
  const clock = createFakeClock(openedAtMs + seconds * 1000);
  const probe = await createSimulatedServer(clock, openedAtMs).definition.probe(exampleContext(clock));
  if (probe.kind !== 'available') throw new Error(probe.reason);
  return (await probe.open()).read(new AbortController().signal);
}

describe('the demo’s server', () => {
  it('has 8 GPUs, 2 CPU packages and memory, and each tells what it draws', async () => {
    const readings = await readAt(0);
    expect(readings.map(({ domain }) => domain.kind)).toEqual([...Array(8).fill('gpu'), 'cpu', 'cpu', 'dram']);
    for (const { domain, counterJoules, powerWatts, missing } of readings) {
      expect(domain.isSimulated).toBe(true);
      expect(missing).toBeNull();
      expect(domain.provenance === 'counter' ? counterJoules : powerWatts).toBeGreaterThan(0);
    }
  });

  it('has power samples that read about 1 % more than the counters count, no two GPUs alike', async () => {
    const [before, after] = [await readAt(20), await readAt(21)];
    const ratios = after.slice(0, 8).map((reading, i) => {
      const counted = (reading.counterJoules ?? 0) - (before[i]?.counterJoules ?? 0);
      return (reading.powerWatts ?? 0) / counted;
    });
    for (const ratio of ratios) expect(Math.abs(ratio - 1.01)).toBeLessThan(0.005);
    expect(new Set(ratios.map((ratio) => ratio.toFixed(4))).size).toBe(8);
  });

  it('holds one GPU back by heat, and its seconds grow while it is hot', async () => {
    const heatAt = async (seconds: number): Promise<readonly (number | undefined)[]> =>
      (await readAt(seconds)).slice(0, 8).map((reading) => reading.heldBackSeconds?.heat);
    // Hot since 19 minutes before the opening: 1140 s.
    expect((await heatAt(0))[hotGpu.index]).toBe(1140);
    expect((await heatAt(60))[hotGpu.index]).toBe(1200);
    expect((await heatAt(60)).filter((heat) => heat !== 0)).toHaveLength(1);
    expect((await heatAt(hotGpu.fromSeconds - 1))[hotGpu.index]).toBe(0);
    expect((await readAt(0))[hotGpu.index]?.throttleReasons).toEqual(['heat']);
  });

  it('has sound memory, of which one GPU corrected one bit', async () => {
    const health = (await readAt(0)).slice(0, 8).map((reading) => reading.health);
    expect(health.map((one) => one?.eccUncorrectedCount)).toEqual(Array(8).fill(0));
    expect(health.map((one) => one?.eccCorrectedCount).filter((count) => count !== 0)).toEqual([1]);
  });

  it('has a notebook that holds a GPU and does nothing', async () => {
    const held = (await readAt(0))[notebook.gpu];
    expect(held?.processes).toMatchObject([{ pid: notebook.pid, smRatio: 0 }]);
    expect(held?.utilizationRatio).toBe(0);
  });

  it('answers nothing while its driver is reset', async () => {
    const readings = await readAt(outage.fromSeconds + 1);
    expect(readings.map((reading) => reading.missing?.reason)).toEqual(Array(11).fill('lost'));
    expect((await readAt(outage.toSeconds)).map((reading) => reading.missing)).toEqual(Array(11).fill(null));
  });
});
