import { existsSync, readlinkSync } from 'node:fs';
import { cpus, hostname, release, totalmem, type } from 'node:os';
import { join, resolve } from 'node:path';
import { secondsFromMs } from '../../shared/units.ts';
import { systemClock } from '../clock/clock.ts';
import { isKernels, readKernelFile, readKernelLine } from './kernel-files.ts';
import { readLinuxFacts } from './linux-facts.ts';
import type { CpuTimes, Machine, MachineFacts } from './machine.ts';
import { listProcesses, readProcess } from './process-facts.ts';
import { readProcessProgram } from './process-program.ts';
import { parseCpuTimes, parseMemoryUsedBytes } from './procfs.ts';
import { createTreeReader } from './tree-reader.ts';

const factsTimeoutMs = 3000;

/** The machine this process runs on. Facts come from /proc, or where there is none from systeminformation; what is read every second from /proc or libuv. */
export function createLocalMachine(procfsRoot: string, sysfsRoot: string): Machine {
  let facts: Promise<MachineFacts> | null = null;
  const hasProcfs = existsSync(procfsRoot);
  const hasAllPids = process.platform !== 'linux' || (resolve(procfsRoot) === '/proc' && isFirstNamespace());
  const procfs = (name: string): string | null => readKernelFile(join(procfsRoot, name));
  return {
    facts() {
      facts ??= Promise.resolve(process.platform === 'linux' ? readLinuxFacts(procfsRoot, sysfsRoot) : null).then(
        (known) => known ?? askFacts(),
      );
      return facts;
    },
    readCpuTimes: createCpuTimesReader(join(procfsRoot, 'stat')),
    readMemoryUsedBytes: () => parseMemoryUsedBytes(procfs('meminfo') ?? ''),
    readTree: createTreeReader(procfsRoot),
    // A /proc may hide those of other users (hidepid), and another one than this system's may not list those that run here.
    hasProcess: (pid) => (hasProcfs && existsSync(join(procfsRoot, String(pid)))) || isSignalled(pid),
    hasAllPids: () => hasAllPids,
    readBootMs() {
      const seconds = Number.parseFloat(procfs('uptime') ?? '');
      return Number.isFinite(seconds) ? seconds * 1000 : null;
    },
    readProcess: (pid) => readProcess(procfsRoot, pid),
    readProgram: (pid) => readProcessProgram(procfsRoot, pid),
    listProcesses: () => listProcesses(procfsRoot),
  };
}

/** The kernel sums up every processor's times and interrupts for one line that two parts of a tick ask for: what is as new as this serves both. */
const cpuTimesStandMs = 20;

function createCpuTimesReader(path: string): () => CpuTimes | null {
  const standMs = isKernels(path) ? cpuTimesStandMs : 0;
  let latest: CpuTimes | null = null;
  let readAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = systemClock.monotonicMs();
    if (nowMs - readAtMs < standMs) return latest;
    latest = parseCpuTimes(readKernelLine(path) ?? '') ?? cpuTimesByNode();
    readAtMs = nowMs;
    return latest;
  };
}

/** The kernel's own number of the namespace that holds all others (PROC_PID_INIT_INO). */
const firstPidNamespace = 'pid:[4026531836]';

function isFirstNamespace(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === firstPidNamespace;
  } catch {
    return false;
  }
}

/** Whether a signal would reach it; one that is somebody else's is there and refuses it. */
function isSignalled(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Where there is no /proc (macOS, Windows): libuv's per-CPU times, in milliseconds. */
function cpuTimesByNode(): CpuTimes | null {
  const times = cpus().map((entry) => entry.times);
  if (times.length === 0) return null;
  const busyMs = times.reduce((sum, time) => sum + time.user + time.nice + time.sys + time.irq, 0);
  const idleMs = times.reduce((sum, time) => sum + time.idle, 0);
  return { busySeconds: secondsFromMs(busyMs), totalSeconds: secondsFromMs(busyMs + idleMs) };
}

async function askFacts(): Promise<MachineFacts> {
  const { cpu: readCpu, osInfo } = await import('systeminformation');
  const fallback: MachineFacts = {
    hostName: hostname(),
    osLabel: process.platform,
    kernel: `${type()} ${release()}`,
    cpuName: cpus()[0]?.model.trim() ?? 'unknown CPU',
    threads: Math.max(1, cpus().length),
    physicalCores: null,
    sockets: 1,
    baseGhz: null,
    isVirtual: false,
    isArm: process.arch === 'arm64',
    memoryBytes: totalmem(),
  };
  const asked = Promise.all([readCpu(), osInfo()]).then(
    ([cpu, os]): MachineFacts => ({
      ...fallback,
      osLabel: [os.distro || os.platform, os.release].filter(Boolean).join(' '),
      cpuName: [cpu.manufacturer, cpu.brand].filter(Boolean).join(' ') || fallback.cpuName,
      physicalCores: cpu.physicalCores > 0 ? cpu.physicalCores : null,
      sockets: Math.max(1, cpu.processors || 1),
      baseGhz: cpu.speed > 0 ? cpu.speed : null,
      isVirtual: cpu.virtualization === undefined ? false : isGuest(cpu.flags),
    }),
  );
  const late = new Promise<MachineFacts>((resolve) => setTimeout(resolve, factsTimeoutMs, fallback).unref());
  return Promise.race([asked.catch(() => fallback), late]);
}

/** The CPU's 'hypervisor' flag is set for guests (`grep hypervisor /proc/cpuinfo`). */
const isGuest = (flags: string): boolean => flags.split(' ').includes('hypervisor');
