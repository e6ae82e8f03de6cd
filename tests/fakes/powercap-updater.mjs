/**
 * Advances energy_uj files in real time. Started by startPowercapUpdater in powercap.ts with one argument,
 * JSON: { phaseZeroUnixMs, everyMs, zones: [{ file, wave, startMicrojoules, rangeMicrojoules }] }.
 * Prints one line after the first round; ends when it is killed or its parent is gone.
 */
import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { energyJoules } from './waveform.mjs';

// What it stands for never waits for a CPU: where it may, it goes before the tests beside it.
try {
  setPriority(-10);
} catch {
  // Not root: it takes its turn.
}

const plan = JSON.parse(process.argv[2] ?? '{"zones":[]}');
const parentPid = process.ppid;

function updateAll() {
  for (const zone of plan.zones) {
    const joules = energyJoules(zone.wave, 0, (Date.now() - plan.phaseZeroUnixMs) / 1000);
    const counter = Math.floor((zone.startMicrojoules + joules * 1e6) % zone.rangeMicrojoules);
    const partial = `${zone.file}.${process.pid}`;
    writeFileSync(partial, `${counter}\n`);
    chmodSync(partial, 0o444);
    renameSync(partial, zone.file);
  }
}

updateAll();
process.stdout.write('ready\n');
setInterval(() => {
  if (process.ppid !== parentPid) process.exit(0);
  updateAll();
}, plan.everyMs);
