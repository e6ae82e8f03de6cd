import { classify } from '../../../engine/finding/classify.ts';
import { parseCpuInfo } from '../../../engine/machine/linux-facts.ts';
import { parseCommand, parseEnvironment } from '../../../engine/machine/process-facts.ts';
import { parseCpuTimes, parseMemoryUsedBytes, parseProcessStat } from '../../../engine/machine/procfs.ts';
import { parseCpuList } from '../../../engine/sources/cpu-model/cpu-hardware.ts';
import { normalizeCpuName } from '../../../engine/sources/cpu-model/cpu-name.ts';
import { normalizeBusId } from '../../../engine/sources/sysfs/bus-id.ts';
import { parseSysfsNumber, parseUevent } from '../../../engine/sources/sysfs/sysfs-file.ts';
import { seedsOf } from '../seeds.ts';
import type { FuzzSubject } from '../subject.ts';

const cpuInfo = `processor\t: 0\nmodel name\t: Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz\ncpu MHz\t\t: 2394.454\nphysical id\t: 0\ncore id\t\t: 0\nflags\t\t: fpu vme hypervisor\n\nprocessor\t: 1\nmodel name\t: Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz\nphysical id\t: 1\ncore id\t\t: 0\n\n`;
const names = [
  'Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz',
  'AMD Ryzen Threadripper 1950X 16-Core Processor',
  '13th Gen Intel(R) Core(TM) i7-13700K',
  'AMD EPYC 8024P 8-Core Processor',
];

const chains = [
  'python\0train.py\0--lr\x003e-4\n/usr/bin/python3\0-m\0torch.distributed.run\0--nproc-per-node=4\0train.py\nbash\0run.sh\n-bash',
  'python\0-m\0ipykernel_launcher\0-f\0/run/kernel.json\njupyter-lab',
  '/usr/bin/Xorg\0:0',
  'env\0A=1\0nice\0-n\x0010\0sudo\0-u\0a\0./train\0--epochs\x003',
];

/** Each line is the command of a process, the next one that of its parent; what is in the first stands in its environment too. */
function classifyChain(text: string): unknown {
  const verdict = classify(
    text.split('\n', 64).map((line, i) => ({
      pid: 1000 + i,
      parentPid: 1001 + i,
      startedTicks: 8800 - i,
      name: line.slice(0, 15),
      command: parseCommand(line),
      cwd: i % 2 === 0 ? line.slice(0, 100) : null,
      isOurs: true,
      user: null,
      environment: parseEnvironment(`SLURM_JOB_ID=${line}\0TORCHELASTIC_RUN_ID=${line}`),
    })),
    1,
  );
  return verdict.kind === 'training' ? { ...verdict, launch: verdict.launch.length } : verdict;
}

export const machineSubjects: readonly FuzzSubject[] = [
  {
    id: 'proc stat',
    seeds: () => [
      '4242 (python (a) b) S 1 4242 4242 0 -1 4194304 1 2 3 4 150 50 7 3 20 0 9 0 12345 104857600 2560 18446744073709551615\n',
    ],
    run: parseProcessStat,
  },
  {
    id: 'proc cpu times',
    seeds: () => ['cpu  4705 356 584 3699176 23060 0 277 0 0 0\ncpu0 1 2 3 4\n'],
    run: parseCpuTimes,
  },
  {
    id: 'proc meminfo',
    seeds: () => ['MemTotal:       16318076 kB\nMemFree:         1000000 kB\nMemAvailable:    8000000 kB\n'],
    run: parseMemoryUsedBytes,
  },
  { id: 'proc cpuinfo', seeds: () => [cpuInfo, cpuInfo.repeat(16)], run: parseCpuInfo },
  {
    id: 'proc cmdline',
    seeds: () => ['python\0train.py\0--lr\x003e-4\0', 'nginx: master process /usr/sbin/nginx'],
    run: parseCommand,
  },
  { id: 'classify', seeds: () => chains, run: classifyChain },
  {
    id: 'proc environ',
    seeds: () => ['PATH=/usr/bin\0HOME=/root\0CUDA_VISIBLE_DEVICES=0,1\0RANK=3\0'],
    run: parseEnvironment,
  },
  {
    id: 'sysfs number',
    seeds: () => ['12345678\n', '-40\n\0\0\0', ...seedsOf(/amd\/sysfs\/.*power1_/)],
    run: parseSysfsNumber,
  },
  {
    id: 'sysfs uevent',
    seeds: () => seedsOf(/amd\/sysfs\/.*uevent$/, 'DRIVER=amdgpu\nPCI_ID=1002:73BF\n'),
    run: parseUevent,
  },
  { id: 'cpu list', seeds: () => ['0-15,32-47\n', '0', '0-3,8,10-11'], run: (text) => parseCpuList(text).length },
  { id: 'cpu name', seeds: () => names, run: normalizeCpuName },
  { id: 'pci address', seeds: () => ['00000000:0C:00.0', '0000:01:00.0', '10000:e1:00.0'], run: normalizeBusId },
];
