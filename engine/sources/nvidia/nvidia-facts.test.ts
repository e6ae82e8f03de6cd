import { describe, expect, it } from 'vitest';
import {
  instantPowerTimingOf,
  isGa100,
  isHeldBack,
  nvidiaGainOf,
  powerWindowSecondsOf,
  throttleReasonsOf,
} from './nvidia-facts.ts';

describe('powerWindowSecondsOf', () => {
  it.each([
    ['NVIDIA H100 80GB HBM3', 9, 1],
    ['NVIDIA GeForce RTX 4090', 8, 1],
    ['NVIDIA RTX A3000', 7, 1],
    ['NVIDIA A100-SXM4-80GB', 7, 0],
    ['NVIDIA A30', 7, 0],
    ['NVIDIA A800 40GB Active', 7, 0],
    ['NVIDIA A100X', 7, 0],
    ['Quadro RTX 8000', 6, 0],
    ['Tesla V100-SXM2-16GB', 5, 0],
    ['NVIDIA of a driver that does not tell', null, 0],
    // By the name alone.
    ['NVIDIA H100 80GB HBM3', null, 1],
    ['NVIDIA GeForce RTX 3090', null, 1],
    ['NVIDIA GeForce RTX 5090', null, 1],
    ['NVIDIA RTX A6000', null, 1],
    ['NVIDIA L40S', null, 1],
    ['NVIDIA A100-SXM4-80GB', null, 0],
    ['Quadro RTX 5000', null, 0],
    ['Quadro RTX 4000', null, 0],
    ['NVIDIA GeForce GTX 1080 Ti', null, 0],
  ] as const)('%s (%s): %d s', (name, architecture, seconds) => {
    expect(powerWindowSecondsOf({ name, architecture })).toBe(seconds);
    expect(isGa100(name)).toBe(/\bA(100X?|30|800)\b/.test(name));
  });
});

describe('instantPowerTimingOf', () => {
  it.each([
    ['NVIDIA A100-SXM4-80GB', 7, 100, 0.025],
    ['NVIDIA H100 PCIe', 9, 100, 0.025],
    ['NVIDIA GeForce RTX 3090', 7, 100, 0.1],
    ['NVIDIA GeForce RTX 2080 Ti', 6, 100, 0.1],
    ['Tesla V100-SXM2-16GB', 5, 20, 0.01],
  ] as const)('%s', (name, architecture, updateMs, windowSeconds) =>
    expect(instantPowerTimingOf({ name, architecture })).toEqual({ updateMs, windowSeconds }),
  );
});

describe('nvidiaGainOf', () => {
  // Reading over truth − 1, measured beside a meter; truth over reading is the inverse of 1 + error.
  it.each([
    ['RTX 3090', 7, -0.056],
    ['RTX 4090', 8, -0.053],
    ['A100', 7, -0.058],
    ['RTX A5000', 7, -0.07],
    ['RTX 2080 Ti', 6, -0.079],
    ['RTX 2060 Super', 6, 0.127],
    ['GTX 1080 Ti', 4, -0.004],
  ] as const)('covers what %s was found to be', (_, architecture, error) => {
    const { lowRatio, highRatio } = nvidiaGainOf(architecture);
    expect(lowRatio).toBeLessThanOrEqual(1 / (1 + error));
    expect(highRatio).toBeGreaterThanOrEqual(1 / (1 + error));
  });
});

describe('clock-event reasons', () => {
  it('names what holds the device back, and not that it idles', () => {
    expect(throttleReasonsOf(0x1 | 0x2)).toEqual([]);
    expect(throttleReasonsOf(0x4 | 0x40)).toEqual(['power cap', 'heat (hardware)']);
    expect([0x4, 0x20, 0x40, 0x8, 0x80].map((bit) => [isHeldBack(bit, 'power-cap'), isHeldBack(bit, 'heat')])).toEqual([
      [true, false],
      [false, true],
      [false, true],
      [false, false],
      [false, false],
    ]);
    expect([isHeldBack(0x8, 'hardware-slowdown'), isHeldBack(0x80, 'hardware-slowdown')]).toEqual([true, true]);
  });
});
