import type { SourceReport } from '../../shared/model/sensors.ts';

type Part = Pick<SourceReport, 'id' | 'label' | 'measures' | 'state'> & Partial<SourceReport>;

const source = (part: Part): SourceReport => ({
  how: '',
  provenance: null,
  domainIds: [],
  powerWatts: null,
  reason: null,
  remedies: [],
  sameNumberCommand: '',
  lastReadAtMs: null,
  readMilliseconds: null,
  errorCount: 0,
  ...part,
});

const absent = (id: string, label: string, measures: string, reason: string): SourceReport =>
  source({ id, label, measures, reason, state: 'absent' });

/** Every source once: two that answer, one that stands by, one that needs a command, one that fails, and all that are not here. */
export function fakeSources(nowMs: number): SourceReport[] {
  return [
    source({
      id: 'nvml',
      label: 'NVIDIA energy counter (NVML)',
      how: 'libnvidia-ml.so.1, driver 570.86',
      measures: 'GPU energy, power and state',
      state: 'answering',
      provenance: 'counter',
      domainIds: Array.from({ length: 8 }, (_, index) => `gpu:${index}`),
      powerWatts: 3905,
      sameNumberCommand: 'nvidia-smi -q -d POWER',
      lastReadAtMs: nowMs,
      readMilliseconds: 3.1,
    }),
    source({
      id: 'rapl',
      label: 'RAPL energy counters',
      how: '/sys/class/powercap',
      measures: 'CPU packages',
      state: 'answering',
      provenance: 'counter',
      domainIds: ['cpu:0'],
      powerWatts: 396,
      sameNumberCommand: 'cat /sys/class/powercap/intel-rapl:0/energy_uj',
      lastReadAtMs: nowMs,
      readMilliseconds: 0.2,
      errorCount: 2,
    }),
    source({
      id: 'memory-model',
      label: 'Memory model',
      how: 'installed memory and its traffic',
      measures: 'memory',
      state: 'answering',
      provenance: 'model',
      domainIds: ['dram:0'],
      powerWatts: 112,
      sameNumberCommand: 'free -g',
      lastReadAtMs: nowMs,
      readMilliseconds: 0.1,
    }),
    source({
      id: 'nvidia-smi',
      label: 'nvidia-smi',
      measures: 'GPU power and state',
      state: 'standby',
      reason: 'NVML answers for the same GPUs.',
    }),
    source({
      id: 'wall-meter',
      label: 'Wattmeter at the wall',
      how: 'tasmota at 192.168.1.20',
      measures: 'the whole machine, at its plug',
      state: 'failing',
      reason: 'rack-plug: no answer in 1 s.',
      errorCount: 14,
    }),
    source({
      id: 'platform',
      label: 'Platform counter (psys)',
      measures: 'the whole board',
      state: 'needs-you',
      reason: 'Only root may read it.',
      remedies: [
        { command: 'sudo chmod a+r /sys/class/powercap/intel-rapl:1/energy_uj', effect: 'Until the next restart.' },
      ],
    }),
    absent('amdgpu', 'amdgpu sensors', 'AMD GPUs', 'The kernel shows no card with the amdgpu driver.'),
    absent('amd-smi', 'amd-smi, rocm-smi', 'AMD GPUs', 'Neither amd-smi nor rocm-smi is installed.'),
    absent('intel-gpu', 'Intel GPU counters', 'Intel GPUs', 'The kernel shows no card with the xe or i915 driver.'),
    absent('powermetrics', 'powermetrics', 'Apple silicon', 'It is a tool of macOS.'),
    absent('energy-meter', 'Windows energy meter', 'CPU packages', 'It is a counter of Windows.'),
    absent('amd-apu', 'AMD APU sensor', 'CPU and graphics of an APU', 'No APU is here.'),
    absent('cpu-model', 'CPU model', 'CPU packages', 'A counter measures them.'),
  ];
}
