/**
 * What the fake `nvidia-smi` pretends to see: JSON in the environment variable FAKE_NVIDIA_SMI, or the
 * path of a file with it. Read again on every call of the tool; a loop keeps what it started with.
 *
 * @typedef {import('../waveform.mjs').Wave} Wave
 * @typedef {import('../waveform.mjs').Sensor} Sensor
 *
 * @typedef {object} FakeProcess
 * @property {number | string} pid a number, or 'FILE:/path' of a file that holds it (no file: no process)
 * @property {string} name
 * @property {number} [smPercent]
 * @property {number} [memoryMiB]
 * @property {boolean} [isDrawing] without a compute context: pmon alone tells of it
 * @property {number} [fromMs] seen from here, since phase zero
 * @property {number} [toMs] seen until here
 *
 * @typedef {object} FakeGpu
 * @property {string} uuid
 * @property {string} name
 * @property {string} busId like 00000000:01:00.0
 * @property {number} limitWatts
 * @property {Wave} wave
 * @property {Sensor} [sensor] default: average-1s, every 100 ms
 * @property {number | 'wave'} [utilizationPercent] 'wave' (default): where the power stands between low and high
 * @property {number} [memoryTotalMiB] default 24576
 * @property {number} [memoryUsedMiB] default: the sum over the processes
 * @property {number} [temperatureCelsius] default 50
 * @property {'none' | 'off' | 'on'} [mig] default none
 * @property {boolean} [isScreenOn] default false
 * @property {readonly FakeProcess[]} [processes]
 *
 * @typedef {{ readonly fromMs: number, readonly toMs?: number }} Span milliseconds since phase zero; no end: for ever
 *
 * @typedef {(
 *   | ({ readonly kind: 'lost-gpu', readonly uuid: string, readonly style?: 'cells' | 'row' | 'call' } & Span)
 *   | ({ readonly kind: 'hang', readonly ignoresSigterm?: boolean } & Span)
 *   | { readonly kind: 'exit', readonly atMs: number, readonly toMs?: number, readonly code: number }
 *   | ({ readonly kind: 'not-available', readonly field: string, readonly uuid?: string, readonly text?: string } & Span)
 *   | { readonly kind: 'split-lines' }
 *   | { readonly kind: 'banner', readonly text?: string }
 * )} Fault
 *
 * @typedef {object} FakeConfig
 * @property {readonly FakeGpu[]} gpus
 * @property {number} [phaseZeroUnixMs] default 0
 * @property {readonly Fault[]} [faults]
 * @property {string} [driverVersion] default 570.124.06
 * @property {readonly string[]} [unknownFields] fields this driver is too old to know
 * @property {string} [logFile] one JSON line per call is appended: {"pid","atUnixMs","argv"}
 */
import { appendFileSync, readFileSync } from 'node:fs';

/** @returns {Required<FakeConfig>} */
export function readConfig() {
  const text = process.env.FAKE_NVIDIA_SMI ?? '{"gpus":[]}';
  const config = JSON.parse(text.trimStart().startsWith('{') ? text : readFileSync(text, 'utf8'));
  return { phaseZeroUnixMs: 0, faults: [], driverVersion: '570.124.06', unknownFields: [], logFile: '', ...config };
}

/**
 * @param {Required<FakeConfig>} config
 * @param {readonly string[]} argv
 */
export function logCall(config, argv) {
  if (config.logFile === '') return;
  appendFileSync(config.logFile, `${JSON.stringify({ pid: process.pid, atUnixMs: Date.now(), argv })}\n`);
}

/**
 * @param {{ readonly fromMs?: number, readonly toMs?: number }} span
 * @param {number} atMs
 */
export function isWithin(span, atMs) {
  return atMs >= (span.fromMs ?? Number.NEGATIVE_INFINITY) && atMs < (span.toMs ?? Number.POSITIVE_INFINITY);
}

/**
 * @param {FakeProcess} fake
 * @returns {number | null} null while the file that holds the pid is not there
 */
function readPid(fake) {
  if (typeof fake.pid === 'number') return fake.pid;
  try {
    const pid = Number.parseInt(readFileSync(fake.pid.replace(/^FILE:/, ''), 'utf8'), 10);
    return Number.isNaN(pid) ? null : pid;
  } catch {
    return null;
  }
}

/**
 * All of them, also those that only draw.
 *
 * @param {FakeGpu} gpu
 * @param {number} atMs since phase zero
 */
export function listProcesses(gpu, atMs) {
  return (gpu.processes ?? []).flatMap((fake) => {
    const pid = isWithin(fake, atMs) ? readPid(fake) : null;
    return pid === null ? [] : [{ smPercent: 0, memoryMiB: 0, ...fake, pid }];
  });
}

/**
 * @param {FakeGpu} gpu
 * @param {number} atMs since phase zero
 */
export const listComputing = (gpu, atMs) => listProcesses(gpu, atMs).filter((each) => each.isDrawing !== true);
