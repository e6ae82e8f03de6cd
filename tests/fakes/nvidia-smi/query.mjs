/** `--query-gpu`, `--query-compute-apps` and `--help-query-gpu`. */
import { isWithin, listComputing } from './config.mjs';
import { formatTimestamp, gpuFields, NOT_AVAILABLE } from './fields.mjs';

/** @typedef {import('./fields.mjs').Moment} Moment */

/**
 * The real tool names the offending field and exits with 2 (invalid argument), on stdout and before any row.
 */
export class InvalidField extends Error {
  /** @param {string} name */
  constructor(name) {
    super(`Field "${name}" is not a valid field to query.`);
  }
}

/** @type {readonly Pick<import('./fields.mjs').Field, 'name' | 'aliases' | 'unit'>[]} */
const appFields = [
  { name: 'timestamp', aliases: [], unit: '' },
  { name: 'gpu_name', aliases: [], unit: '' },
  { name: 'gpu_bus_id', aliases: [], unit: '' },
  { name: 'gpu_serial', aliases: [], unit: '' },
  { name: 'gpu_uuid', aliases: [], unit: '' },
  { name: 'pid', aliases: [], unit: '' },
  { name: 'process_name', aliases: ['name'], unit: '' },
  { name: 'used_gpu_memory', aliases: ['used_memory'], unit: 'MiB' },
];

/**
 * @template {{ readonly name: string, readonly aliases: readonly string[] }} F
 * @param {readonly F[]} known
 * @param {string} list
 * @param {readonly string[]} unknownFields
 * @returns {readonly F[]}
 */
function chooseFields(known, list, unknownFields) {
  return list.split(',').map((asked) => {
    const name = asked.trim();
    const field = known.find((each) => each.name === name || each.aliases.includes(name));
    if (field === undefined || unknownFields.includes(field.name)) throw new InvalidField(name);
    return field;
  });
}

/** The header carries the tool's own name for the field, whichever alias was asked for, and its unit even with nounits. */
function renderHeader(/** @type {readonly { name: string, unit: string }[]} */ fields) {
  return fields.map((field) => (field.unit === '' ? field.name : `${field.name} [${field.unit}]`)).join(', ');
}

/** A missing value is in brackets and never has a unit. */
function withUnit(/** @type {string} */ value, /** @type {string} */ unit, /** @type {boolean} */ showsUnits) {
  return unit === '' || !showsUnits || !/^-?\d/.test(value) ? value : `${value} ${unit}`;
}

/**
 * @param {Moment} moment
 * @param {import('./fields.mjs').Field} field
 */
function readCell(moment, field) {
  for (const fault of moment.config.faults) {
    if (
      fault.kind === 'lost-gpu' &&
      fault.uuid === moment.gpu.uuid &&
      isWithin(fault, moment.atMs) &&
      !field.isIdentity
    )
      return '[GPU is lost]';
    if (fault.kind === 'not-available' && fault.field === field.name && isWithin(fault, moment.atMs)) {
      if (fault.uuid === undefined || fault.uuid === moment.gpu.uuid) return fault.text ?? NOT_AVAILABLE;
    }
  }
  return field.read(moment);
}

/** @param {Moment} moment */
function isRowDropped(moment) {
  return moment.config.faults.some(
    (fault) =>
      fault.kind === 'lost-gpu' &&
      fault.style === 'row' &&
      fault.uuid === moment.gpu.uuid &&
      isWithin(fault, moment.atMs),
  );
}

/**
 * @typedef {object} Query
 * @property {string} header
 * @property {(moments: readonly Moment[]) => readonly string[]} readRows
 */

/**
 * @param {string} list
 * @param {{ readonly showsUnits: boolean, readonly unknownFields: readonly string[] }} options
 * @returns {Query}
 */
export function queryGpus(list, options) {
  const fields = chooseFields(gpuFields, list, options.unknownFields);
  return {
    header: renderHeader(fields),
    readRows: (moments) =>
      moments
        .filter((moment) => !isRowDropped(moment))
        .map((moment) =>
          fields.map((field) => withUnit(readCell(moment, field), field.unit, options.showsUnits)).join(', '),
        ),
  };
}

/**
 * @param {Moment} moment
 * @param {ReturnType<typeof listComputing>[number]} owner
 * @returns {Readonly<Record<string, string>>}
 */
function appCells({ gpu, unixMs }, owner) {
  return {
    timestamp: formatTimestamp(unixMs),
    gpu_name: gpu.name,
    gpu_bus_id: gpu.busId,
    gpu_serial: NOT_AVAILABLE,
    gpu_uuid: gpu.uuid,
    pid: String(owner.pid),
    process_name: owner.name,
    used_gpu_memory: String(owner.memoryMiB),
  };
}

/**
 * @param {string} list
 * @param {{ readonly showsUnits: boolean, readonly unknownFields: readonly string[] }} options
 * @returns {Query}
 */
export function queryComputeApps(list, options) {
  const fields = chooseFields(appFields, list, options.unknownFields);
  return {
    header: renderHeader(fields),
    readRows: (moments) =>
      moments.flatMap((moment) =>
        listComputing(moment.gpu, moment.atMs).map((owner) => {
          const cells = appCells(moment, owner);
          return fields.map((field) => withUnit(cells[field.name] ?? '', field.unit, options.showsUnits)).join(', ');
        }),
      ),
  };
}

/** @param {readonly string[]} unknownFields */
export function renderFieldHelp(unknownFields) {
  const entries = gpuFields
    .filter((field) => !unknownFields.includes(field.name))
    .map((field) => {
      const names = [field.name, ...field.aliases].map((name) => `"${name}"`).join(' or ');
      return `${names}\nThe ${field.name.replaceAll(/[._]/g, ' ')} of the GPU.\n`;
    });
  return `List of valid properties to query for the switch "--query-gpu":\n\n${entries.join('\n')}\n`;
}
