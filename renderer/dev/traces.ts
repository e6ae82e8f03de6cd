/** Seeded noise in 0…1, the same for the same place: so that a picture can be taken twice. */
export function noise(seed: number, at: number): number {
  const value = Math.sin(seed * 127.1 + at * 311.7) * 43758.5453;
  return value - Math.floor(value);
}

const second = 1000;
const minute = 60 * second;

/** The server of the pictures: when it is, relative to the page's start. */
export interface Scene {
  readonly startMs: number;
}

const gap = { fromMinute: -44.4, toMinute: -43.15 };
export const gapSpan = (scene: Scene): { fromMs: number; toMs: number } => ({
  fromMs: scene.startMs + gap.fromMinute * minute,
  toMs: scene.startMs + gap.toMinute * minute,
});

export interface GpuTrace {
  readonly powerWatts: number;
  readonly utilizationRatio: number;
  readonly memoryUsedBytes: number;
  readonly temperatureCelsius: number;
  readonly clockMegahertz: number;
}

export const runStartMinutes = [-221, -52, 0] as const;
const gib = 1024 ** 3;

/** Four GPUs of one run (the fourth throttles in the end), two of another since 52 min, one idle, one held idle. */
export function gpuAt(scene: Scene, index: number, atMs: number): GpuTrace | null {
  const sinceMinutes = (atMs - scene.startMs) / minute;
  if (sinceMinutes > gap.fromMinute && sinceMinutes < gap.toMinute) return null;
  const tick = Math.floor(atMs / second);
  const jitter = (size: number): number => 1 + (noise(index + 1, tick) - 0.5) * size;
  if (index === 6) return idle(71 * jitter(0.01), 0.6 * gib, 33, 345);
  if (index === 7) return idle(119 * jitter(0.01), 31.4 * gib, 41, 1980);
  const isFirst = index < 4;
  if (!isFirst && sinceMinutes < -52) return idle(70 * jitter(0.01), 0.6 * gib, 34, 345);
  const cycle = ((atMs / minute) * (isFirst ? 1 / 14 : 1 / 7)) % 1;
  const isEvaluating = cycle < (isFirst ? 0.012 : 0.05);
  const isThrottled = index === 3 && sinceMinutes > -19;
  const base = isFirst ? (isThrottled ? 555 : 690) : sinceMinutes > -1 ? 608 : 502;
  const power = Math.min(700, base * jitter(0.02) * (isEvaluating ? (isFirst ? 0.66 : 0.82) : 1));
  return {
    powerWatts: power,
    utilizationRatio: Math.min(1, (isFirst ? 0.98 : 0.945) * (isEvaluating ? 0.7 : jitter(0.02))),
    memoryUsedBytes: (isFirst ? 71.2 : 44.8) * gib,
    temperatureCelsius:
      (isThrottled ? 87 : isFirst ? 69 : 63) + Math.round((noise(index + 40, Math.floor(tick / 9)) - 0.5) * 3),
    clockMegahertz: (isThrottled ? 1290 : isFirst ? 1755 : 1800) + Math.round((noise(index + 60, tick) - 0.5) * 4) * 15,
  };
}

function idle(
  powerWatts: number,
  memoryUsedBytes: number,
  temperatureCelsius: number,
  clockMegahertz: number,
): GpuTrace {
  return { powerWatts, utilizationRatio: 0, memoryUsedBytes, temperatureCelsius, clockMegahertz };
}

export function cpuAt(scene: Scene, atMs: number): GpuTrace | null {
  if (gpuAt(scene, 0, atMs) === null) return null;
  const tick = Math.floor(atMs / second);
  const isBusy = (atMs - scene.startMs) / minute > -52;
  const power = (isBusy ? 396 : 318) * (1 + (noise(90, tick) - 0.5) * 0.06);
  return {
    powerWatts: power,
    utilizationRatio: 0.38 * (1 + (noise(91, tick) - 0.5) * 0.2),
    memoryUsedBytes: 0,
    temperatureCelsius: 71,
    clockMegahertz: 3050,
  };
}

export function memoryWattsAt(scene: Scene, atMs: number): number | null {
  return gpuAt(scene, 0, atMs) === null ? null : 112 * (1 + (noise(95, Math.floor(atMs / second)) - 0.5) * 0.03);
}
