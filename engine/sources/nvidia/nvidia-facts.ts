import type { SensorError } from '../source.ts';

/**
 * NVIDIA's own statement for every power reading: accurate to within ±5 W (`nvidia-smi --help-query-gpu`, power.draw). A card's gain error comes
 * on top and is measured per card only: docs/methodology.md, 'What no software can correct'.
 */
export const nvidiaPowerError: SensorError = { lowRatio: 1, highRatio: 1, offsetWatts: 5 };

/** nvmlDeviceArchitecture_t. */
const ampere = 7;

/**
 * Window of the power that the driver gives by default, in seconds: the mean of 1 s from Ampere on, except on GA100 (A100, A30, A800), which with
 * everything older gives an instant sample. Source: help text of power.draw; Yang, Adamek, Armour 2024 (arXiv 2312.02741).
 */
export function powerWindowSecondsOf(gpu: { readonly name: string; readonly architecture: number | null }): number {
  if (/\bA(100|30|800)\b/.test(gpu.name)) return 0;
  return gpu.architecture !== null && gpu.architecture >= ampere ? 1 : 0;
}

/** Bits of nvmlClocksEventReasons that mean 'held back', with the names the UI shows. Idle, application clocks and sync boost are none. */
const reasonBits: readonly (readonly [number, string])[] = [
  [0x4, 'power cap'],
  [0x8, 'hardware slowdown'],
  [0x20, 'heat'],
  [0x40, 'heat (hardware)'],
  [0x80, 'power brake'],
];

export function throttleReasonsOf(bits: number): readonly string[] {
  return reasonBits.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);
}
