import type { HeldBackReason } from '../../../shared/model/health.ts';
import type { SensorError } from '../source.ts';

/**
 * NVIDIA's own statement for every power reading: accurate to within ±5 W (`nvidia-smi --help-query-gpu`, power.draw). A card's gain error comes
 * on top and is measured per card only: docs/methodology.md, 'What no software can correct'.
 */
export const nvidiaPowerError: SensorError = { lowRatio: 1, highRatio: 1, offsetWatts: 5 };

/** NVIDIA documents no error for the energy counter. */
export const nvidiaCounterError: SensorError = { lowRatio: 1, highRatio: 1, offsetWatts: 0 };

/**
 * A sensor that sees a part of the time only (25 ms of every 100 on GA100) adds the error of what it does not see: ±5 %, what Yang, Adamek and Armour
 * 2024 (arXiv 2312.02741) were left with after repeating and shifting their loads; a load in step with the sensor can do worse.
 */
export const nvidiaPartTimeError: SensorError = { lowRatio: 0.95, highRatio: 1.05, offsetWatts: 5 };

/** nvmlDeviceArchitecture_t. */
const kepler = 2;
const maxwell = 3;
const pascal = 4;
const volta = 5;
const turing = 6;
const ampere = 7;
const ada = 8;
const hopper = 9;
const blackwell = 10;

/**
 * Window of the power that the driver gives by default, in seconds: the mean of 1 s from Ampere on, except on GA100 (A100, A30, A800), which with
 * everything older gives an instant sample. Source: help text of power.draw; Yang, Adamek, Armour 2024 (arXiv 2312.02741).
 */
export function powerWindowSecondsOf(gpu: { readonly name: string; readonly architecture: number | null }): number {
  if (isGa100(gpu.name)) return 0;
  const architecture = architectureOf(gpu);
  return architecture !== null && architecture >= ampere ? 1 : 0;
}

/** Product names that tell an architecture, for drivers and listings that do not. Older names than these are left unknown: the more careful answer. */
const namedArchitectures: readonly (readonly [RegExp, number])[] = [
  [/\bB(100|200|300)\b|\bGB(200|300)\b|\bRTX 50[5-9]0\b|\bRTX PRO \d{4}\b/, blackwell],
  [/\b(GH|H)(100|200|800|20)\b/, hopper],
  [/\bL(4|20|40S?)\b|\bRTX 40[5-9]0\b|\bRTX \d{4} Ada\b/, ada],
  [/\bA(2|10|10G|16|40|[2-6]000)\b|\bRTX 30[5-9]0\b|\bRTX A\d{4}\b/, ampere],
  [/\bT4\b|\bRTX 20[5-8]0\b|\bGTX 16[3-6]0\b|\bTITAN RTX\b/, turing],
  [/\bV100\b|\bTITAN V\b/, volta],
];

/** What the driver says, else what the name tells; null where neither does. */
function architectureOf(gpu: { readonly name: string; readonly architecture: number | null }): number | null {
  return gpu.architecture ?? namedArchitectures.find(([pattern]) => pattern.test(gpu.name))?.[1] ?? null;
}

/** The chip of A100, A30, A800 and CMP 170HX: Ampere by its number, with the power sensor of the generation before. */
export const isGa100 = (name: string): boolean => /\bA(100X?|30X?|800)\b|\bCMP 170HX\b/.test(name);

export interface PowerSensorTiming {
  /** How often the sensor's value is renewed. */
  readonly updateMs: number;
  /** What part of the time before it is the mean of; 0: an instant. */
  readonly windowSeconds: number;
}

/**
 * Timing of the instant power by architecture, from Yang, Adamek, Armour 2024 (arXiv 2312.02741) and their sheet Overall_Results.xlsx: GA100 and Hopper
 * 100 ms / 25 ms; Ada, Ampere and Turing 100 ms / 100 ms; Volta and Pascal 20 ms / 10 ms; Maxwell and Kepler follow the draw like a capacitor.
 */
export function instantPowerTimingOf(gpu: {
  readonly name: string;
  readonly architecture: number | null;
}): PowerSensorTiming {
  const architecture = architectureOf(gpu);
  if (isGa100(gpu.name)) return { updateMs: 100, windowSeconds: 0.025 };
  if (architecture === volta || architecture === pascal) return { updateMs: 20, windowSeconds: 0.01 };
  if (architecture === kepler || architecture === maxwell) return { updateMs: 100, windowSeconds: 0 };
  if (architecture === turing || architecture === ampere || architecture === ada)
    return { updateMs: 100, windowSeconds: 0.1 };
  return { updateMs: 100, windowSeconds: 0.025 };
}

/**
 * What the truth may be over the reading for a single card, from energies measured beside an external meter (same paper, one card of each): reading
 * over truth − 1 was −5.6 % (RTX 3090), −5.3 % (4090), −5.8 % (A100), −7.0 % (A5000), −7.9 % (2080 Ti), +12.7 % (2060 Super), −0.4 % (1080 Ti). So
 * truth over reading is 1 / (1 + error): 1.053 to 1.075 from Ampere on, 0.887 to 1.086 before. Rounded outwards to what all of that generation cover;
 * from Ampere on the low end is 0.95 nevertheless, since four cards that all read low do not say that none reads high. The K620 (Maxwell, −41 %) is
 * not covered: a sensor as slow as a capacitor is no gain.
 */
export function nvidiaGainOf(architecture: number | null): { readonly lowRatio: number; readonly highRatio: number } {
  return architecture !== null && architecture >= ampere ? ampereGain : earlierGain;
}

const ampereGain = { lowRatio: 0.95, highRatio: 1.08 };
const earlierGain = { lowRatio: 0.88, highRatio: 1.09 };

/** Bits of nvmlClocksEventReasons that mean 'held back', with the names the UI shows. Idle, application clocks and sync boost are none. */
const reasonBits: readonly { readonly bit: number; readonly name: string }[] = [
  { bit: 0x4, name: 'power cap' },
  { bit: 0x8, name: 'hardware slowdown' },
  { bit: 0x20, name: 'heat' },
  { bit: 0x40, name: 'heat (hardware)' },
  { bit: 0x80, name: 'power brake' },
];

export function throttleReasonsOf(bits: number): readonly string[] {
  return reasonBits.filter(({ bit }) => (bits & bit) !== 0).map(({ name }) => name);
}

/** The same bits sorted by who holds the device back: a limit that was set, heat, or the hardware's own protection. */
const heldBackBits = { 'power-cap': 0x4, heat: 0x20 | 0x40, 'hardware-slowdown': 0x8 | 0x80 } as const satisfies Record<
  HeldBackReason,
  number
>;

export const isHeldBack = (bits: number, reason: HeldBackReason): boolean => (bits & heldBackBits[reason]) !== 0;
