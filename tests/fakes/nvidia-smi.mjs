#!/usr/bin/env node
/**
 * A stand-in for `nvidia-smi` whose power is a closed form of time (waveform.mjs) and that can be told to
 * fail. What it pretends to see is in FAKE_NVIDIA_SMI: nvidia-smi/config.mjs describes it.
 *
 *   nvidia-smi --query-gpu=FIELDS --format=csv[,noheader][,nounits] [-l S | -lms MS] [-i ID]
 *   nvidia-smi --query-compute-apps=FIELDS --format=csv…        nvidia-smi --help-query-gpu
 *   nvidia-smi pmon [-c N] [-d S] [-s um]      nvidia-smi -L      nvidia-smi -q -x      nvidia-smi --version
 *
 * Layouts follow captures of drivers 570 to 610. How a lost GPU shows in CSV is not on record anywhere
 * public; '[GPU is lost]' and the line of style 'call' are from reports that quote single lines.
 */
import { isWithin, logCall, readConfig } from './nvidia-smi/config.mjs';
import { renderList, renderPmonHeader, renderPmonRows, renderXml } from './nvidia-smi/listings.mjs';
import { InvalidField, queryComputeApps, queryGpus, renderFieldHelp } from './nvidia-smi/query.mjs';

const EXIT_INVALID_ARGUMENT = 2;
const EXIT_NOT_FOUND = 6;
const EXIT_GPU_IS_LOST = 15;
const NO_DRIVER =
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n\n";

const config = readConfig();
const argv = process.argv.slice(2);

/** @param {number} milliseconds */
function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function nowMs() {
  return Date.now() - config.phaseZeroUnixMs;
}

/** Gives the value of `--name=value`, `--name value` or `-n value`; null when it is not there. */
function option(/** @type {readonly string[]} */ ...names) {
  for (const [index, word] of argv.entries()) {
    for (const name of names) {
      if (word === name) return argv[index + 1] ?? '';
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
  }
  return null;
}

/** @param {string} text */
async function write(text) {
  const isSplit = config.faults.some((fault) => fault.kind === 'split-lines');
  // 7 is coprime to any row length likely here, so the cut wanders through the row.
  const chunks = isSplit ? (text.match(/[\s\S]{1,7}/g) ?? []) : [text];
  for (const chunk of chunks) {
    await new Promise((resolve) => process.stdout.write(chunk, resolve));
    if (isSplit) await sleep(1);
  }
}

/** @param {string} text @param {number} code @returns {Promise<never>} */
async function leave(text, code) {
  await write(text);
  process.exit(code);
}

/** A hung driver: the tool neither prints nor ends until the fault is over. */
async function waitOutHang() {
  const hang = config.faults.find((fault) => fault.kind === 'hang' && isWithin(fault, nowMs()));
  if (hang?.kind !== 'hang') return;
  if (hang.ignoresSigterm === true) process.on('SIGTERM', () => {});
  while (isWithin(hang, nowMs())) await sleep(5);
}

async function leaveIfDriverIsGone() {
  const atMs = nowMs();
  const gone = config.faults.find(
    (fault) =>
      fault.kind === 'exit' && fault.toMs !== undefined && isWithin({ fromMs: fault.atMs, toMs: fault.toMs }, atMs),
  );
  if (gone?.kind === 'exit') await leave(NO_DRIVER, gone.code);
  const lost = config.faults.find(
    (fault) => fault.kind === 'lost-gpu' && fault.style === 'call' && isWithin(fault, atMs),
  );
  if (lost?.kind !== 'lost-gpu') return;
  const busId = config.gpus.find((gpu) => gpu.uuid === lost.uuid)?.busId.slice(4) ?? '0000:00:00.0';
  await leave(`Unable to determine the device handle for GPU ${busId}: Unknown Error\n`, EXIT_GPU_IS_LOST);
}

/** An 'exit' fault ends the process that is running at its time, to the millisecond. */
function scheduleExits() {
  for (const fault of config.faults) {
    const inMs = fault.kind === 'exit' ? fault.atMs - nowMs() : -1;
    if (fault.kind !== 'exit' || inMs < 0 || inMs > 2 ** 31 - 1) continue;
    setTimeout(() => process.exit(fault.code), inMs).unref();
  }
}

/** @returns {Promise<readonly import('./nvidia-smi/fields.mjs').Moment[]>} */
async function look() {
  await waitOutHang();
  await leaveIfDriverIsGone();
  const unixMs = Date.now();
  const moments = config.gpus.map((gpu, index) => ({
    gpu,
    index,
    config,
    unixMs,
    atMs: unixMs - config.phaseZeroUnixMs,
  }));
  const wanted = option('-i', '--id')?.split(',') ?? null;
  if (wanted === null) return moments;
  return moments.filter(({ gpu, index }) =>
    wanted.some((id) => id === String(index) || id === gpu.uuid || id === gpu.busId),
  );
}

/** @param {import('./nvidia-smi/query.mjs').Query} query */
async function runQuery(query) {
  const format = option('--format') ?? '';
  const banner = config.faults.find((fault) => fault.kind === 'banner');
  if (banner?.kind === 'banner') await write(banner.text ?? 'WARNING: infoROM is corrupted at gpu 0000:01:00.0\n');
  const everyMs = Number(option('-lms', '--loop-ms') ?? Number(option('-l', '--loop') ?? 0) * 1000);
  for (let tick = 0; ; tick += 1) {
    const moments = await look();
    if (moments.length === 0) await leave('No devices were found\n', EXIT_NOT_FOUND);
    const header = tick === 0 && !format.includes('noheader') ? `${query.header}\n` : '';
    await write(
      header +
        query
          .readRows(moments)
          .map((row) => `${row}\n`)
          .join(''),
    );
    if (everyMs <= 0) return;
    await sleep(everyMs);
  }
}

async function runPmon() {
  const rounds = Number(option('-c') ?? Number.POSITIVE_INFINITY);
  const everyMs = Number(option('-d') ?? 1) * 1000;
  const showsMemory = (option('-s') ?? 'u').includes('m');
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0) await sleep(everyMs);
    // Older drivers' pmon follows four devices.
    const rows = renderPmonRows((await look()).slice(0, 4), showsMemory);
    await write(round === 0 ? renderPmonHeader(showsMemory) + rows : rows);
  }
}

async function runLine() {
  const options = {
    showsUnits: !(option('--format') ?? '').includes('nounits'),
    unknownFields: config.unknownFields,
  };
  const gpuList = option('--query-gpu');
  const appList = option('--query-compute-apps');
  if (argv.includes('--help-query-gpu')) return write(renderFieldHelp(config.unknownFields));
  if (gpuList !== null) return runQuery(queryGpus(gpuList, options));
  if (appList !== null) return runQuery(queryComputeApps(appList, options));
  if (argv[0] === 'pmon') return runPmon();
  if (argv.includes('-L') || argv.includes('--list-gpus')) return write(renderList(await look()));
  if (argv.includes('-q') && argv.includes('-x'))
    return write(renderXml(await look(), { unixMs: Date.now(), driverVersion: config.driverVersion }));
  if (argv.includes('--version'))
    return write(`NVIDIA-SMI version  : ${config.driverVersion}\nDRIVER version      : ${config.driverVersion}\n`);
  return leave(
    "Invalid combination of input arguments. Please run 'nvidia-smi -h' for help.\n\n",
    EXIT_INVALID_ARGUMENT,
  );
}

// Whoever read us is gone: end quietly, as the real tool does by SIGPIPE.
process.stdout.on('error', () => process.exit(141));
logCall(config, argv);
scheduleExits();
try {
  await runLine();
} catch (error) {
  if (!(error instanceof InvalidField)) throw error;
  await leave(`${error.message}\n\n`, EXIT_INVALID_ARGUMENT);
}
