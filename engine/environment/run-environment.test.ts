import { describe, expect, it } from 'vitest';
import { soundProgram } from './program.ts';
import { completed, machineEnvironment, withProgram } from './run-environment.ts';

const facts = {
  hostName: 'hgx-07',
  osLabel: 'Ubuntu 24.04 LTS',
  kernel: 'Linux 6.8.0',
  cpuName: 'Xeon 8480C',
  threads: 224,
  physicalCores: 112,
  sockets: 2,
  baseGhz: 2,
  isVirtual: false,
  memoryBytes: 1,
};
const unread = { label: 'nvidia-smi', reason: 'It has failed.' };
const early = machineEnvironment({ facts: null, gpus: [], driver: null, wattrunVersion: '1.0.0', unread: [unread] });
const late = machineEnvironment({
  facts,
  gpus: ['NVIDIA H100', 'NVIDIA H100'],
  driver: { version: '580.65.06', cudaVersion: '13.0' },
  wattrunVersion: '1.0.0',
  unread: [],
});

describe('the environment of a run', () => {
  it('is machine and program together', () =>
    expect(withProgram(late, { python: null, variables: { WORLD_SIZE: '2' } })).toEqual({
      os: 'Ubuntu 24.04 LTS',
      kernel: 'Linux 6.8.0',
      cpu: '2 × Xeon 8480C',
      gpus: ['NVIDIA H100', 'NVIDIA H100'],
      driverVersion: '580.65.06',
      cudaVersion: '13.0',
      wattrunVersion: '1.0.0',
      unread: [],
      python: null,
      variables: { WORLD_SIZE: '2' },
    }));

  it('takes what was told late, and keeps what it began with', () => {
    const begun = withProgram({ ...early, driverVersion: '550.1' }, null);
    expect(completed(begun, late)).toEqual({ ...withProgram(late, null), driverVersion: '550.1' });
    expect(completed(begun, early)).toEqual(begun);
  });

  it('names as unread what was so from its beginning to its end, by the last reason', () => {
    const nvml = { label: 'NVML', reason: 'It does not start.' };
    const now = { ...early, unread: [nvml, { ...unread, reason: 'It hangs.' }] };
    expect(completed(withProgram(early, null), now).unread).toEqual([{ ...unread, reason: 'It hangs.' }]);
  });

  it('holds of what another program says only what would have been read', () =>
    expect(
      soundProgram({
        python: { executable: '/usr/bin/python3\u001b[2J', version: '', environment: null },
        variables: { HF_TOKEN: 'x', WORLD_SIZE: '2', HOME: '/root' },
      }),
    ).toEqual({
      python: { executable: '/usr/bin/python3', version: null, environment: null },
      variables: { WORLD_SIZE: '2' },
    }));
});
