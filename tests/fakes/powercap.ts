/**
 * A fake powercap tree, laid out as the kernel does: zones live under devices/virtual/powercap, and
 * class/powercap holds symlinks to all of them, children too. Every zone has `device` and `subsystem` links
 * that lead back up, so whoever follows links blindly never comes back.
 *
 *   ROOT/class/powercap/intel-rapl:0 -> ../../devices/virtual/powercap/intel-rapl/intel-rapl:0
 *   ROOT/devices/virtual/powercap/intel-rapl/intel-rapl:0/{name,energy_uj,max_energy_range_uj,…}
 *   ROOT/devices/virtual/powercap/intel-rapl/intel-rapl:0/intel-rapl:0:0/…
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Wave } from './waveform.mjs';

const MICROJOULES_PER_JOULE = 1e6;

/** What many Intel parts report: 2^32 - 1 units of 61.035 microjoules (2^-14 J, as the kernel rounds it). */
const DEFAULT_RANGE_MICROJOULES = 262_143_328_850;

/** The file cannot be read even by root when it is a directory (EISDIR) or not there (ENOENT). */
export type EnergyAccess = 'readable' | 'root-only' | 'mode-000' | 'directory' | 'missing';

export interface FakeZone {
  /** As in the kernel: `intel-rapl:0`, a child `intel-rapl:0:1`, a duplicate `intel-rapl-mmio:0`. */
  readonly id: string;
  /** `package-0`, `core`, `uncore`, `dram`, `psys`. */
  readonly name: string;
  readonly startMicrojoules?: number;
  readonly maxEnergyRangeMicrojoules?: number;
  /** constraint_0_max_power_uw: the TDP. Left out: no such file. */
  readonly maxPowerWatts?: number;
  readonly access?: EnergyAccess;
  /** What the updater process advances this zone by. */
  readonly wave?: Wave;
}

export interface FakePowercap {
  readonly root: string;
  /** Path of a zone's energy_uj behind the symlinks. */
  energyFile(zoneId: string): string;
  counterMicrojoules(zoneId: string): number;
  /** Advances the named zones, wrapping at their range. Zones not named stand still. */
  tick(joules: Readonly<Record<string, number>>): void;
  setAccess(zoneId: string, access: EnergyAccess): void;
  /** Unplugs a zone: its folder and its link go. */
  remove(zoneId: string): void;
}

interface ZoneState {
  readonly zone: FakeZone;
  readonly folder: string;
  counterMicrojoules: number;
  access: EnergyAccess;
}

/** One package of a desktop part, with what nests in it, beside it and repeats it. */
export const desktopZones: readonly FakeZone[] = [
  { id: 'intel-rapl:0', name: 'package-0', maxPowerWatts: 125 },
  { id: 'intel-rapl:0:0', name: 'core' },
  { id: 'intel-rapl:0:1', name: 'uncore' },
  { id: 'intel-rapl:0:2', name: 'dram' },
  { id: 'intel-rapl:1', name: 'psys' },
  { id: 'intel-rapl-mmio:0', name: 'package-0', maxPowerWatts: 125 },
];

function controlTypeOf(zoneId: string): string {
  return zoneId.split(':')[0] ?? zoneId;
}

/** `intel-rapl:0:1` lies in the folder of `intel-rapl:0`. */
function folderOf(root: string, zoneId: string): string {
  const parts = zoneId.split(':');
  const parents = parts.slice(2).map((_, index) => parts.slice(0, index + 2).join(':'));
  return join(root, 'devices', 'virtual', 'powercap', controlTypeOf(zoneId), ...parents, zoneId);
}

function link(target: string, file: string): void {
  symlinkSync(relative(dirname(file), target), file);
}

const modes: Readonly<Record<EnergyAccess, number>> = {
  readable: 0o444,
  'root-only': 0o400,
  'mode-000': 0o000,
  directory: 0o755,
  missing: 0,
};

/** Written beside and renamed over, since a read of sysfs never sees half a value. */
export function writeEnergy(file: string, microjoules: number, mode = 0o444): void {
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  writeFileSync(partial, `${Math.floor(microjoules)}\n`);
  chmodSync(partial, mode);
  renameSync(partial, file);
}

function applyEnergy(state: ZoneState): void {
  const file = join(state.folder, 'energy_uj');
  if (state.access === 'directory' || state.access === 'missing') {
    rmSync(file, { recursive: true, force: true });
    if (state.access === 'directory') mkdirSync(file);
    return;
  }
  writeEnergy(file, state.counterMicrojoules, modes[state.access]);
}

function writeConstraint(folder: string, maxPowerWatts: number): void {
  const microwatts = `${maxPowerWatts * MICROJOULES_PER_JOULE}\n`;
  writeFileSync(join(folder, 'constraint_0_name'), 'long_term\n');
  writeFileSync(join(folder, 'constraint_0_max_power_uw'), microwatts);
  writeFileSync(join(folder, 'constraint_0_power_limit_uw'), microwatts);
  writeFileSync(join(folder, 'constraint_0_time_window_us'), '27983872\n');
}

function createControlType(root: string, controlType: string): void {
  const folder = join(root, 'devices', 'virtual', 'powercap', controlType);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'enabled'), '1\n');
  link(join(root, 'class', 'powercap'), join(folder, 'subsystem'));
  link(folder, join(root, 'class', 'powercap', controlType));
}

function createZone(root: string, zone: FakeZone): ZoneState {
  const folder = folderOf(root, zone.id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'name'), `${zone.name}\n`);
  writeFileSync(join(folder, 'enabled'), '0\n');
  writeFileSync(
    join(folder, 'max_energy_range_uj'),
    `${zone.maxEnergyRangeMicrojoules ?? DEFAULT_RANGE_MICROJOULES}\n`,
  );
  if (zone.maxPowerWatts !== undefined) writeConstraint(folder, zone.maxPowerWatts);
  link(dirname(folder), join(folder, 'device'));
  link(join(root, 'class', 'powercap'), join(folder, 'subsystem'));
  link(folder, join(root, 'class', 'powercap', zone.id));
  const state: ZoneState = {
    zone,
    folder,
    counterMicrojoules: zone.startMicrojoules ?? 0,
    access: zone.access ?? 'readable',
  };
  applyEnergy(state);
  return state;
}

/**
 * The counter wraps so that a reader who adds max_energy_range_uj to a negative step gets the exact energy.
 */
function advance(state: ZoneState, joules: number): void {
  const range = state.zone.maxEnergyRangeMicrojoules ?? DEFAULT_RANGE_MICROJOULES;
  state.counterMicrojoules = (state.counterMicrojoules + joules * MICROJOULES_PER_JOULE) % range;
  applyEnergy(state);
}

/** Parents come before their children in `zones`. The root is opened to all users, for readers without root. */
export function createFakePowercap(root: string, zones: readonly FakeZone[] = desktopZones): FakePowercap {
  mkdirSync(join(root, 'class', 'powercap'), { recursive: true });
  chmodSync(root, 0o755);
  for (const controlType of new Set(zones.map((zone) => controlTypeOf(zone.id)))) createControlType(root, controlType);
  const states = new Map(zones.map((zone) => [zone.id, createZone(root, zone)]));
  const stateOf = (zoneId: string): ZoneState => {
    const state = states.get(zoneId);
    if (state === undefined) throw new Error(`no zone ${zoneId}`);
    return state;
  };
  return {
    root,
    energyFile: (zoneId) => join(stateOf(zoneId).folder, 'energy_uj'),
    counterMicrojoules: (zoneId) => Math.floor(stateOf(zoneId).counterMicrojoules),
    tick: (joules) => {
      for (const [zoneId, step] of Object.entries(joules)) advance(stateOf(zoneId), step);
    },
    setAccess: (zoneId, access) => {
      const state = stateOf(zoneId);
      rmSync(join(state.folder, 'energy_uj'), { recursive: true, force: true });
      state.access = access;
      applyEnergy(state);
    },
    remove: (zoneId) => {
      rmSync(join(root, 'class', 'powercap', zoneId), { force: true });
      rmSync(stateOf(zoneId).folder, { recursive: true, force: true });
      states.delete(zoneId);
    },
  };
}

/**
 * The ids to run a child under so that 'root-only' and 'mode-000' give EACCES, or null where the tests
 * already run without root. Root reads any file, so permissions can only be tested through a child.
 */
export function unprivilegedIds(): { readonly uid: number; readonly gid: number } | null {
  const nobody = 65_534;
  return process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : null;
}

export interface PowercapUpdater {
  readonly phaseZeroUnixMs: number;
  close(): Promise<void>;
}

function whenReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the powercap updater ended with ${code}`)));
    child.stdout?.once('data', () => resolve());
  });
}

/**
 * Starts a process that advances energy_uj of every zone with a wave in real time: start + the exact
 * energy since phase zero, modulo the range. Resolves once the first values are written.
 */
export async function startPowercapUpdater(
  powercap: FakePowercap,
  zones: readonly FakeZone[],
  everyMs = 10,
): Promise<PowercapUpdater> {
  const phaseZeroUnixMs = Date.now();
  const plan = {
    phaseZeroUnixMs,
    everyMs,
    zones: zones.flatMap((zone) =>
      zone.wave === undefined
        ? []
        : [
            {
              file: powercap.energyFile(zone.id),
              wave: zone.wave,
              startMicrojoules: powercap.counterMicrojoules(zone.id),
              rangeMicrojoules: zone.maxEnergyRangeMicrojoules ?? DEFAULT_RANGE_MICROJOULES,
            },
          ],
    ),
  };
  const script = join(import.meta.dirname, 'powercap-updater.mjs');
  const child = spawn(process.execPath, [script, JSON.stringify(plan)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await whenReady(child);
  return {
    phaseZeroUnixMs,
    close: () =>
      new Promise((resolve) => {
        child.removeAllListeners('exit');
        child.once('exit', () => resolve());
        child.kill();
      }),
  };
}
