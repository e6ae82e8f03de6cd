import type { PowerSample } from './mean-power.ts';

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly samples: readonly PowerSample[];
}

/**
 * Share of a stretch's energy that lies between two moments of it, 0…1. Where instant samples tell how the power went, each stands for the time up to half way
 * to its neighbours; where none do, energy goes by time.
 */
export function energyPart(stretch: Stretch, fromMs: number, toMs: number): number {
  const spanMs = stretch.toMs - stretch.fromMs;
  if (spanMs <= 0) return 0;
  const timePart = Math.min(1, Math.max(0, (Math.min(toMs, stretch.toMs) - Math.max(fromMs, stretch.fromMs)) / spanMs));
  // The whole is the whole, whatever the samples say.
  if (timePart === 0 || timePart === 1 || stretch.samples.length < 2) return timePart;
  let inside = 0;
  let all = 0;
  for (const [i, { atMs, watts }] of stretch.samples.entries()) {
    const before = stretch.samples[i - 1];
    const after = stretch.samples[i + 1];
    const startMs = before === undefined ? stretch.fromMs : clamp((before.atMs + atMs) / 2, stretch);
    const endMs = after === undefined ? stretch.toMs : clamp((atMs + after.atMs) / 2, stretch);
    all += watts * Math.max(0, endMs - startMs);
    inside += watts * Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs));
  }
  return all > 0 ? inside / all : timePart;
}

const clamp = (ms: number, { fromMs, toMs }: Stretch): number => Math.min(toMs, Math.max(fromMs, ms));
