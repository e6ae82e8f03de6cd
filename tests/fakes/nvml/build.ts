import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeConfig, FakeGpu } from '../nvidia-smi/config.mjs';

const source = join(import.meta.dirname, 'nvml-stub.c');

export type BuiltStub = { readonly path: string } | { readonly skipped: string };

/** What the stub takes beyond the config that it shares with the fake `nvidia-smi`. */
export interface NvmlGpuExtras {
  readonly counterStartMillijoules?: number;
  readonly counterUpdateMs?: number;
  readonly counterResetMs?: number;
  readonly counterStill?: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly counterFails?: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly hangs?: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly counterFallsMs?: number;
  readonly architecture?: number;
  /** From then on the driver knows it. */
  readonly appearsMs?: number;
  readonly moduleExtraWatts?: number;
  readonly powerCapNanoseconds?: number;
  readonly thermalNanoseconds?: number;
  readonly clocksEventReasons?: number;
  readonly eccCorrected?: number;
  readonly eccUncorrected?: number;
  readonly remappedRows?: number;
  readonly isRemapPending?: boolean;
  readonly xids?: readonly { readonly code: number; readonly atMs: number }[];
  readonly notSupported?: readonly string[];
}

export interface NvmlExtras {
  /** Symbols, or `field:186`, that return 3 (not supported) for every GPU. */
  readonly notSupported?: readonly string[];
  readonly initFails?: readonly { readonly fromMs: number; readonly toMs: number; readonly code: number }[];
  readonly reloadedMs?: readonly number[];
  readonly logFile?: string;
  readonly gpus?: Readonly<Record<string, NvmlGpuExtras>>;
}

/**
 * Compiles the stand-in for libnvidia-ml.so.1 into the folder; `omit` names symbols that this 'driver' lacks.
 * Gives the reason when there is no compiler; a compiler that fails is an error.
 */
export function buildNvmlStub(outFolder: string, omit: readonly string[] = []): BuiltStub {
  if (process.platform !== 'linux') return { skipped: `the NVML stub is for Linux, this is ${process.platform}` };
  mkdirSync(outFolder, { recursive: true });
  const path = join(outFolder, 'libnvidia-ml.so.1');
  const flags = [
    '-std=gnu11',
    '-O1',
    '-shared',
    '-fPIC',
    '-fvisibility=hidden',
    ...omit.map((name) => `-DOMIT_${name}`),
  ];
  for (const compiler of ['cc', 'gcc', 'clang']) {
    const result = spawnSync(compiler, [...flags, '-o', path, source, '-lm'], { encoding: 'utf8' });
    if (result.error !== undefined) continue;
    if (result.status !== 0) throw new Error(`${compiler} could not build the NVML stub:\n${result.stderr}`);
    return { path };
  }
  return { skipped: 'no C compiler (cc, gcc or clang) on PATH' };
}

function renderGpu(gpu: FakeGpu, config: FakeConfig, extras: NvmlGpuExtras): readonly string[] {
  const lost = (config.faults ?? []).flatMap((fault) =>
    fault.kind === 'lost-gpu' && fault.uuid === gpu.uuid ? [`lost=${fault.fromMs}:${fault.toMs ?? ''}`] : [],
  );
  const values: Readonly<Record<string, string | number | undefined>> = {
    uuid: gpu.uuid,
    name: gpu.name,
    bus_id: gpu.busId,
    wave: gpu.wave.kind,
    low_watts: gpu.wave.lowWatts,
    high_watts: gpu.wave.highWatts,
    period_seconds: gpu.wave.periodSeconds,
    duty_ratio: gpu.wave.dutyRatio,
    sensor: gpu.sensor?.kind,
    update_ms: gpu.sensor?.updateMs,
    limit_watts: gpu.limitWatts,
    default_limit_watts: gpu.limitWatts,
    utilization_percent: gpu.utilizationPercent,
    memory_total_mib: gpu.memoryTotalMiB,
    memory_used_mib: gpu.memoryUsedMiB,
    temperature_celsius: gpu.temperatureCelsius,
    mig: gpu.mig,
    counter_start_millijoules: extras.counterStartMillijoules,
    counter_update_ms: extras.counterUpdateMs,
    counter_reset_ms: extras.counterResetMs,
    appears_ms: extras.appearsMs,
    counter_falls_ms: extras.counterFallsMs,
    architecture: extras.architecture,
    module_extra_watts: extras.moduleExtraWatts,
    power_cap_ns: extras.powerCapNanoseconds,
    thermal_ns: extras.thermalNanoseconds,
    clocks_event_reasons: extras.clocksEventReasons,
    ecc_corrected: extras.eccCorrected,
    ecc_uncorrected: extras.eccUncorrected,
    remapped_rows: extras.remappedRows,
    remap_pending: extras.isRemapPending === true ? 1 : undefined,
    not_supported: extras.notSupported?.join(','),
  };
  const lines = Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  const processes = (gpu.processes ?? []).map(
    (each) => `process=${each.pid},${each.smPercent ?? 0},${each.memoryMiB ?? 0}`,
  );
  const fails = (extras.counterFails ?? []).map((span) => `counter_fails=${span.fromMs}:${span.toMs}`);
  const still = (extras.counterStill ?? []).map((span) => `counter_still=${span.fromMs}:${span.toMs}`);
  const xids = (extras.xids ?? []).map((xid) => `xid=${xid.code}@${xid.atMs}`);
  const hangs = (extras.hangs ?? []).map((span) => `gpu_hang=${span.fromMs}:${span.toMs}`);
  return ['[gpu]', ...lines, ...lost, ...processes, ...still, ...fails, ...xids, ...hangs];
}

/** The same machine, for the file that NVML_STUB_CONFIG names. Format: the head of nvml-stub.c. */
export function renderNvmlConfig(config: FakeConfig, extras: NvmlExtras = {}): string {
  const hangs = (config.faults ?? []).flatMap((fault) =>
    fault.kind === 'hang' ? [`hang=${fault.fromMs}:${fault.toMs ?? ''}`] : [],
  );
  const driver = config.driverVersion ?? '570.124.06';
  return [
    `driver_version=${driver}`,
    `nvml_version=12.${driver}`,
    `phase_zero_unix_ms=${config.phaseZeroUnixMs ?? 0}`,
    ...(extras.logFile === undefined ? [] : [`log_file=${extras.logFile}`]),
    ...(extras.notSupported === undefined ? [] : [`not_supported=${extras.notSupported.join(',')}`]),
    ...(extras.initFails ?? []).map((span) => `init_fails=${span.fromMs}:${span.toMs}:${span.code}`),
    ...(extras.reloadedMs ?? []).map((atMs) => `reloaded=${atMs}`),
    ...hangs,
    ...config.gpus.flatMap((gpu) => renderGpu(gpu, config, extras.gpus?.[gpu.uuid] ?? {})),
    '',
  ].join('\n');
}
