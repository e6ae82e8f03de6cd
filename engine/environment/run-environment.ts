import type { MachineEnvironment, Program, RunEnvironment } from '../../shared/model/run-environment.ts';
import type { MachineFacts } from '../machine/machine.ts';
import type { GpuDriver } from '../sources/source.ts';

export interface MachineInput {
  /** Null until the machine has told them. */
  readonly facts: MachineFacts | null;
  /** Names of its GPUs, in their order. */
  readonly gpus: readonly string[];
  readonly driver: GpuDriver | null;
  readonly wattrunVersion: string;
  readonly unread: RunEnvironment['unread'];
}

export function machineEnvironment({ facts, gpus, driver, wattrunVersion, unread }: MachineInput): MachineEnvironment {
  return {
    os: facts?.osLabel ?? null,
    kernel: facts?.kernel ?? null,
    cpu: facts === null ? null : facts.sockets > 1 ? `${facts.sockets} × ${facts.cpuName}` : facts.cpuName,
    gpus: [...gpus],
    driverVersion: driver?.version ?? null,
    cudaVersion: driver?.cudaVersion ?? null,
    wattrunVersion,
    unread,
  };
}

export const withProgram = (machine: MachineEnvironment, program: Program | null): RunEnvironment => ({
  ...machine,
  python: program?.python ?? null,
  variables: program?.variables ?? {},
});

/** What a slow source or a slow machine told only after the run had begun; what was known then stays. */
export function completed(environment: RunEnvironment, now: MachineEnvironment): RunEnvironment {
  return {
    ...environment,
    os: environment.os ?? now.os,
    kernel: environment.kernel ?? now.kernel,
    cpu: environment.cpu ?? now.cpu,
    gpus: environment.gpus.length > 0 ? environment.gpus : now.gpus,
    driverVersion: environment.driverVersion ?? now.driverVersion,
    cudaVersion: environment.cudaVersion ?? now.cudaVersion,
    // One that came meanwhile has the time before as a gap.
    unread: now.unread.filter(({ label }) => environment.unread.some((one) => one.label === label)),
  };
}
