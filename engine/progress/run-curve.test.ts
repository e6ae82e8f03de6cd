import { describe, expect, it } from 'vitest';
import { exampleInterval } from '../../tests/examples.ts';
import { addPiece, createRunCurve, pointAt, trimCurve } from './run-curve.ts';

/** 300 J from 0 to 1 s, all of it the run's; then 500 J from 1 to 2 s, half of it. */
function exampleCurve() {
  const curve = createRunCurve(0);
  const first = exampleInterval();
  addPiece(curve, first, { fromMs: 0, toMs: 1000, joules: 300, lowJoules: 270, highJoules: 330 });
  const second = exampleInterval({
    fromMs: 1000,
    toMs: 2000,
    joules: 500,
    lowJoules: 450,
    highJoules: 550,
    varianceJoules2: 16,
  });
  addPiece(curve, second, { fromMs: 1000, toMs: 2000, joules: 250, lowJoules: 225, highJoules: 275 });
  return curve;
}
const end = { joules: 550, lowJoules: 495, highJoules: 605 };

describe("a run's energy at a moment", () => {
  it('is all that came before it, and the part of the stretch it lies in', () => {
    const curve = exampleCurve();
    expect(pointAt(curve, end, 0)?.joules).toBe(0);
    expect(pointAt(curve, end, 500)?.joules).toBeCloseTo(150, 9);
    expect(pointAt(curve, end, 1000)?.joules).toBeCloseTo(300, 9);
    // 300 J and a quarter of 250 J.
    expect(pointAt(curve, end, 1250)).toMatchObject({ joules: 362.5, lowJoules: 270 + 56.25, highJoules: 330 + 68.75 });
    expect(pointAt(curve, end, 9000)?.joules).toBe(550);
  });

  it('is as uncertain as a cut there makes it, by the share that is the run’s', () => {
    const curve = exampleCurve();
    expect(pointAt(curve, end, 1000)).toMatchObject({ cutJoules2: 0, periodSeconds: 0 });
    const cut = pointAt(curve, end, 1500);
    expect(cut?.periodSeconds).toBe(1);
    expect(cut?.cutJoules2).toBeGreaterThan(0);
    // Sampling: 16 J² of the domain, half of the energy and half of the time: 16 × 0.25 × 0.5.
    expect(cut?.varianceJoules2).toBeCloseTo(2, 9);
  });

  it('goes by instant samples where there are any', () => {
    const curve = createRunCurve(0);
    const samples = [
      { atMs: 250, watts: 100 },
      { atMs: 750, watts: 500 },
    ];
    const interval = exampleInterval({ samples });
    addPiece(curve, interval, { fromMs: 0, toMs: 1000, joules: 300, lowJoules: 270, highJoules: 330 });
    // 100 W in the first half, 500 W in the second: a sixth of it.
    expect(pointAt(curve, { joules: 300, lowJoules: 270, highJoules: 330 }, 500)?.joules).toBeCloseTo(50, 9);
  });

  it('keeps its pieces until there is enough to let go of', () => {
    const curve = exampleCurve();
    trimCurve(curve, 1200);
    expect(pointAt(curve, end, 1100)).not.toBeNull();
  });

  it('is not known where its pieces are gone', () => {
    const curve = exampleCurve();
    curve.completeFromMs = -10_000;
    trimCurve(curve, 1200);
    expect(pointAt(curve, end, 1100)).toBeNull();
    expect(pointAt(curve, end, 1250)?.joules).toBeCloseTo(362.5, 9);
  });

  it('holds minutes of pieces, and what is told of each after those before it are let go of', () => {
    const curve = createRunCurve(0);
    const course = [{ atMs: 199_250, joules: 270, varianceJoules2: 4 }];
    for (let second = 0; second < 500; second++) {
      const [fromMs, toMs] = [second * 1000, (second + 1) * 1000];
      const interval = exampleInterval({ fromMs, toMs, course: second === 199 ? course : [] });
      addPiece(curve, interval, { fromMs, toMs, joules: 300, lowJoules: 270, highJoules: 330 });
    }
    const sums = { joules: 150_000, lowJoules: 135_000, highJoules: 165_000 };
    expect(pointAt(curve, sums, 100_500)?.joules).toBeCloseTo(30_150, 6);
    trimCurve(curve, 150_000);
    expect(pointAt(curve, sums, 100_500)).toBeNull();
    // 270 of its 300 J in the first quarter of that second.
    expect(pointAt(curve, sums, 199_250)?.joules).toBeCloseTo(199 * 300 + 270, 6);
    expect(pointAt(curve, sums, 499_500)?.joules).toBeCloseTo(149_850, 6);
  });
});
