import { expect, it } from 'vitest';
import { shortDeviceWords } from './run-devices.ts';

it('keeps what tells devices apart', () => {
  expect(
    [
      '4 × NVIDIA H100 80GB HBM3',
      'NVIDIA GeForce RTX 4070',
      '2 × NVIDIA A100-SXM4-80GB',
      'AMD EPYC 8024P 8-Core Processor',
      'CPU',
      '2 × Simulated H100 80GB',
      'NVIDIA',
    ].map(shortDeviceWords),
  ).toEqual(['4 × H100', 'RTX 4070', '2 × A100-SXM4-80GB', 'EPYC 8024P', 'CPU', '2 × H100', 'NVIDIA']);
});
