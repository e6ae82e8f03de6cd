/**
 * What a second of measuring cannot do without, and nothing else: a sign of life of each GPU from a pool thread, the calls of NVML's round, what /proc tells of
 * a run's processes, and the second's rows on disk. No bounds, no shares, no gaps, no live view. `node bare-loop.mjs NVML_LIBRARY DATABASE PID…`
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import koffi from 'koffi';

const [, , libraryPath = '', databasePath = '', ...pids] = process.argv;
const gpuCount = 8;
/** A sample of each GPU, of CPU, memory and the machine, and a run's share of ten. */
const rowsASecond = 21;
const periodMs = 1000;
const listRoom = 256;

const library = koffi.load(libraryPath);
/** @param {string} name @param {string} parameters */
const declare = (name, parameters) => library.func(`int ${name}(${parameters})`);

declare('nvmlInit_v2', '')();
const handleByIndex = declare('nvmlDeviceGetHandleByIndex_v2', 'uint index, void *device');
const handles = Array.from({ length: gpuCount }, (_, index) => {
  const room = new BigUint64Array(1);
  handleByIndex(index, room);
  return room[0] ?? 0n;
});
const out = new Uint8Array(64);
const list = new Uint8Array(listRoom * 32);
const count = new Uint32Array(1);
const lifeRooms = handles.map(() => new Uint8Array(8));
const energy = declare('nvmlDeviceGetTotalEnergyConsumption', 'void *device, void *out');
const plain = [
  energy,
  declare('nvmlDeviceGetPowerUsage', 'void *device, void *out'),
  declare('nvmlDeviceGetMemoryInfo', 'void *device, void *out'),
  declare('nvmlDeviceGetUtilizationRates', 'void *device, void *out'),
  declare('nvmlDeviceGetCurrentClocksEventReasons', 'void *device, void *out'),
];
const withNumber = [
  declare('nvmlDeviceGetTemperature', 'void *device, int sensor, void *out'),
  declare('nvmlDeviceGetClockInfo', 'void *device, int clock, void *out'),
];
const processes = declare('nvmlDeviceGetComputeRunningProcesses_v3', 'void *device, void *count, void *infos');
const shares = declare('nvmlDeviceGetProcessUtilization', 'void *device, void *samples, void *count, uint64_t since');

const database = new DatabaseSync(databasePath);
database.exec(
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE samples (ts, domain, watts, joules, low, high, seconds, util, mem, temp, clock)',
);
const insert = database.prepare('INSERT INTO samples VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
const text = new Uint8Array(4096);

function readRound() {
  for (const handle of handles) {
    for (const call of plain) call(handle, out);
    for (const call of withNumber) call(handle, 0, out);
    count[0] = listRoom;
    processes(handle, count, list);
    count[0] = listRoom;
    shares(handle, list, count, 0n);
  }
}

function readProcesses() {
  for (const path of ['/proc/stat', ...pids.map((pid) => `/proc/${pid}/stat`)]) {
    const file = openSync(path, 'r');
    readSync(file, text, 0, text.length, 0);
    closeSync(file);
  }
}

function writeRows() {
  const atMs = Date.now();
  begin.run();
  for (let row = 0; row < rowsASecond; row++) insert.run(atMs, row, 1.5, 2.5, 2.4, 2.6, 1, 0.5, 1e9, 50, 1400);
  commit.run();
}

function tick(index = 0) {
  const handle = handles[index];
  if (handle !== undefined) {
    energy.async(handle, lifeRooms[index], () => tick(index + 1));
    return;
  }
  readRound();
  readProcesses();
  writeRows();
}

setInterval(tick, periodMs);
