/**
 * The fields of `--query-gpu` that the fake knows: name, aliases, header unit and value.
 * Formats follow captures of drivers 590 to 610: '98.14 W', '16376 MiB', '7 %', and no unit on a temperature.
 */
import { readSensor } from '../waveform.mjs';
import { listProcesses } from './config.mjs';

const DEPRECATED = '[Requested functionality has been deprecated]';
export const NOT_AVAILABLE = '[N/A]';

/**
 * @typedef {object} Moment
 * @property {import('./config.mjs').FakeGpu} gpu
 * @property {number} index
 * @property {Required<import('./config.mjs').FakeConfig>} config
 * @property {number} unixMs
 * @property {number} atMs since phase zero
 *
 * @typedef {object} Field
 * @property {string} name
 * @property {readonly string[]} aliases
 * @property {string} unit in the header and after the value, or empty
 * @property {boolean} isIdentity still known when the GPU is lost
 * @property {(moment: Moment) => string} read without its unit
 */

/** @param {Moment} moment */
function sensorOf({ gpu, atMs }) {
  return readSensor(gpu.wave, gpu.sensor ?? { kind: 'average-1s' }, atMs / 1000);
}

/** @param {number | null} value */
function decimals(value) {
  return value === null ? NOT_AVAILABLE : value.toFixed(2);
}

/** @param {Moment} moment */
function utilizationPercent(moment) {
  const { gpu } = moment;
  if (gpu.mig === 'on') return null;
  if (typeof gpu.utilizationPercent === 'number') return gpu.utilizationPercent;
  const { highWatts, lowWatts = 0 } = gpu.wave;
  return highWatts > lowWatts
    ? Math.round((100 * (sensorOf(moment).drawWatts - lowWatts)) / (highWatts - lowWatts))
    : 100;
}

/** @param {Moment} moment */
function utilization(moment) {
  return String(utilizationPercent(moment) ?? NOT_AVAILABLE);
}

/** @param {Moment} moment */
function memoryMiB({ gpu, atMs }) {
  const ofProcesses = listProcesses(gpu, atMs).reduce((sum, each) => sum + each.memoryMiB, 0);
  const total = gpu.memoryTotalMiB ?? 24576;
  const used = gpu.memoryUsedMiB ?? ofProcesses;
  // The driver keeps a part for itself, so used + free < total.
  const reserved = Math.min(450, total - used);
  return { total, reserved, used, free: total - used - reserved };
}

/** @param {Moment} moment */
function isAtLimit(moment) {
  return sensorOf(moment).drawWatts >= moment.gpu.limitWatts;
}

/** @param {number} unixMs */
export function formatTimestamp(unixMs) {
  const time = new Date(unixMs);
  /** @param {number} value @param {number} width */
  const pad = (value, width = 2) => String(value).padStart(width, '0');
  const day = `${time.getFullYear()}/${pad(time.getMonth() + 1)}/${pad(time.getDate())}`;
  return `${day} ${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}.${pad(time.getMilliseconds(), 3)}`;
}

/** @param {string} name @param {Field['read']} read @param {readonly string[]} [aliases] */
function identity(name, read, aliases = []) {
  return { name, aliases, unit: '', isIdentity: true, read };
}

/** @param {string} name @param {string} unit @param {Field['read']} read @param {readonly string[]} [aliases] */
function measured(name, unit, read, aliases = []) {
  return { name, aliases, unit, isIdentity: false, read };
}

const busPart = (/** @type {Moment} */ moment, /** @type {number} */ part) => {
  return `0x${(moment.gpu.busId.split(/[:.]/)[part] ?? '0').slice(part === 0 ? -4 : -2)}`;
};

/** @type {readonly Field[]} */
export const gpuFields = [
  identity('timestamp', ({ unixMs }) => formatTimestamp(unixMs)),
  identity('driver_version', ({ config }) => config.driverVersion),
  identity('count', ({ config }) => String(config.gpus.length)),
  identity('name', ({ gpu }) => gpu.name, ['gpu_name']),
  identity('serial', () => NOT_AVAILABLE, ['gpu_serial']),
  identity('uuid', ({ gpu }) => gpu.uuid, ['gpu_uuid']),
  identity('pci.bus_id', ({ gpu }) => gpu.busId, ['gpu_bus_id']),
  identity('pci.domain', (moment) => busPart(moment, 0)),
  identity('pci.bus', (moment) => busPart(moment, 1)),
  identity('pci.device', (moment) => busPart(moment, 2)),
  identity('index', ({ index }) => String(index)),
  identity('display_mode', () => DEPRECATED),
  identity('display_active', ({ gpu }) => (gpu.isScreenOn === true ? 'Enabled' : 'Disabled')),
  identity('persistence_mode', () => 'Enabled'),
  identity('driver_model.current', () => NOT_AVAILABLE),
  identity('vbios_version', () => '00.00.00.00.00'),
  identity('compute_mode', () => 'Default'),
  identity('compute_cap', () => '8.9'),
  identity(
    'mig.mode.current',
    ({ gpu }) => ({ none: NOT_AVAILABLE, off: 'Disabled', on: 'Enabled' })[gpu.mig ?? 'none'],
  ),
  measured('pcie.link.gen.current', '', () => '4', ['pcie.link.gen.gpucurrent']),
  measured('pcie.link.width.current', '', () => '16'),
  measured('fan.speed', '%', () => '30'),
  measured('pstate', '', () => 'P0'),
  measured('clocks_event_reasons.supported', '', () => '0x00000000000001FF', ['clocks_throttle_reasons.supported']),
  measured(
    'clocks_event_reasons.active',
    '',
    (moment) => (isAtLimit(moment) ? '0x0000000000000004' : '0x0000000000000000'),
    ['clocks_throttle_reasons.active'],
  ),
  measured('clocks_event_reasons.sw_power_cap', '', (moment) => (isAtLimit(moment) ? 'Active' : 'Not Active'), [
    'clocks_throttle_reasons.sw_power_cap',
  ]),
  measured('memory.total', 'MiB', (moment) => String(memoryMiB(moment).total)),
  measured('memory.reserved', 'MiB', (moment) => String(memoryMiB(moment).reserved)),
  measured('memory.used', 'MiB', (moment) => String(memoryMiB(moment).used)),
  measured('memory.free', 'MiB', (moment) => String(memoryMiB(moment).free)),
  measured('utilization.gpu', '%', utilization),
  measured('utilization.memory', '%', (moment) => {
    const percent = utilizationPercent(moment);
    return percent === null ? NOT_AVAILABLE : String(Math.round(percent / 4));
  }),
  measured('utilization.encoder', '%', () => '0'),
  measured('utilization.decoder', '%', () => '0'),
  measured('temperature.gpu', '', ({ gpu }) => String(gpu.temperatureCelsius ?? 50)),
  measured('temperature.memory', '', () => 'N/A'),
  measured('power.management', '', () => DEPRECATED),
  measured('power.draw', 'W', (moment) => decimals(sensorOf(moment).drawWatts)),
  measured('power.draw.average', 'W', (moment) => decimals(sensorOf(moment).averageWatts), ['gpu.power.draw.average']),
  measured('power.draw.instant', 'W', (moment) => decimals(sensorOf(moment).instantWatts), ['gpu.power.draw.instant']),
  measured('power.limit', 'W', ({ gpu }) => decimals(gpu.limitWatts), ['gpu.power.requested_limit']),
  measured('enforced.power.limit', 'W', ({ gpu }) => decimals(gpu.limitWatts)),
  measured('power.default_limit', 'W', ({ gpu }) => decimals(gpu.limitWatts)),
  measured('power.min_limit', 'W', () => '100.00'),
  measured('power.max_limit', 'W', ({ gpu }) => decimals(gpu.limitWatts)),
  measured('module.power.draw.average', 'W', () => NOT_AVAILABLE),
  measured('module.power.draw.instant', 'W', () => NOT_AVAILABLE),
  measured('clocks.current.graphics', 'MHz', () => '1980', ['clocks.gr']),
  measured('clocks.current.sm', 'MHz', () => '1980', ['clocks.sm']),
  measured('clocks.current.memory', 'MHz', () => '2619', ['clocks.mem']),
  measured('clocks.current.video', 'MHz', () => '1545', ['clocks.video']),
  measured('clocks.max.graphics', 'MHz', () => '1980', ['clocks.max.gr']),
  measured('clocks.max.sm', 'MHz', () => '1980'),
  measured('clocks.max.memory', 'MHz', () => '2619', ['clocks.max.mem']),
  identity('hostname', () => NOT_AVAILABLE),
];
