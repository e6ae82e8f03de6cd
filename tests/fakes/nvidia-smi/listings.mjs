/** `-L`, `-q -x` and `pmon`. */
import { listProcesses } from './config.mjs';
import { gpuFields } from './fields.mjs';

/** @typedef {import('./fields.mjs').Moment} Moment */

/** @param {readonly Moment[]} moments */
export function renderList(moments) {
  return moments.map(({ gpu, index }) => `GPU ${index}: ${gpu.name} (UUID: ${gpu.uuid})\n`).join('');
}

/** @param {Moment} moment @param {string} name */
function cell(moment, name) {
  const field = gpuFields.find((each) => each.name === name);
  if (field === undefined) throw new Error(`no field ${name}`);
  const value = field.read(moment).replace(/^\[(.*)\]$/, '$1');
  return field.unit !== '' && /^-?\d/.test(value) ? `${value} ${field.unit}` : value;
}

/** @param {string} text */
function escapeXml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * @typedef {readonly [tag: string, content: string | readonly Node[]]} Node
 */

/** @param {readonly Node[]} nodes @param {string} indent @returns {string} */
function renderNodes(nodes, indent) {
  return nodes
    .map(([tag, content]) => {
      const close = tag.split(' ')[0];
      if (typeof content === 'string') return `${indent}<${tag}>${escapeXml(content)}</${close}>\n`;
      return `${indent}<${tag}>\n${renderNodes(content, `${indent}\t`)}${indent}</${close}>\n`;
    })
    .join('');
}

/** @param {Moment} moment @returns {Node} */
function processesNode({ gpu, atMs }) {
  return [
    'processes',
    listProcesses(gpu, atMs).map(
      (owner) =>
        /** @type {Node} */ ([
          'process_info',
          [
            ['gpu_instance_id', 'N/A'],
            ['compute_instance_id', 'N/A'],
            ['pid', String(owner.pid)],
            ['type', 'C'],
            ['process_name', owner.name],
            ['used_memory', `${owner.memoryMiB} MiB`],
          ],
        ]),
    ),
  ];
}

/** Layout of driver 570 and later: average and instant power, and an empty module block beside them. */
function powerNodes(/** @type {Moment} */ moment) {
  /** @type {readonly (readonly [string, string])[]} */
  const limits = [
    ['current_power_limit', 'enforced.power.limit'],
    ['requested_power_limit', 'power.limit'],
    ['default_power_limit', 'power.default_limit'],
    ['min_power_limit', 'power.min_limit'],
    ['max_power_limit', 'power.max_limit'],
  ];
  return /** @type {readonly Node[]} */ ([
    [
      'gpu_power_readings',
      [
        ['power_state', cell(moment, 'pstate')],
        ['average_power_draw', cell(moment, 'power.draw.average')],
        ['instant_power_draw', cell(moment, 'power.draw.instant')],
        ...limits.map(([tag, field]) => /** @type {Node} */ ([tag, cell(moment, field)])),
      ],
    ],
    [
      'gpu_memory_power_readings',
      [
        ['average_power_draw', 'N/A'],
        ['instant_power_draw', 'N/A'],
      ],
    ],
    [
      'module_power_readings',
      [
        ['power_state', 'P0'],
        ['average_power_draw', 'N/A'],
        ['instant_power_draw', 'N/A'],
        ['current_power_limit', 'N/A'],
      ],
    ],
  ]);
}

/** @param {Moment} moment @returns {Node} */
function gpuNode(moment) {
  return [
    `gpu id="${moment.gpu.busId}"`,
    [
      ['product_name', moment.gpu.name],
      ['product_brand', 'NVIDIA'],
      [
        'mig_mode',
        [
          ['current_mig', cell(moment, 'mig.mode.current')],
          ['pending_mig', cell(moment, 'mig.mode.current')],
        ],
      ],
      ['serial', 'N/A'],
      ['uuid', moment.gpu.uuid],
      ['minor_number', String(moment.index)],
      ['vbios_version', cell(moment, 'vbios_version')],
      ['pci', [['pci_bus_id', moment.gpu.busId]]],
      ['fan_speed', cell(moment, 'fan.speed')],
      ['performance_state', cell(moment, 'pstate')],
      [
        'fb_memory_usage',
        ['total', 'reserved', 'used', 'free'].map(
          (part) => /** @type {Node} */ ([part, cell(moment, `memory.${part}`)]),
        ),
      ],
      [
        'utilization',
        [
          ['gpu_util', cell(moment, 'utilization.gpu')],
          ['memory_util', cell(moment, 'utilization.memory')],
        ],
      ],
      [
        'temperature',
        [
          ['gpu_temp', `${cell(moment, 'temperature.gpu')} C`],
          ['memory_temp', 'N/A'],
        ],
      ],
      ...powerNodes(moment),
      [
        'clocks',
        [
          ['graphics_clock', cell(moment, 'clocks.current.graphics')],
          ['sm_clock', cell(moment, 'clocks.current.sm')],
          ['mem_clock', cell(moment, 'clocks.current.memory')],
        ],
      ],
      processesNode(moment),
    ],
  ];
}

/**
 * @param {readonly Moment[]} moments
 * @param {{ readonly unixMs: number, readonly driverVersion: string }} facts
 */
export function renderXml(moments, { unixMs, driverVersion }) {
  // 'Tue Dec 30 10:49:50 2025', as C's asctime has it.
  const [weekday, month, day, year, time] = new Date(unixMs).toString().split(' ');
  const body = renderNodes(
    [
      ['timestamp', `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`],
      ['driver_version', driverVersion],
      ['cuda_version', '12.8'],
      ['attached_gpus', String(moments.length)],
      ...moments.map(gpuNode),
    ],
    '\t',
  );
  return `<?xml version="1.0" ?>\n<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">\n<nvidia_smi_log>\n${body}</nvidia_smi_log>\n`;
}

/** pmon cuts a command at 15 characters and pads it to 15. */
function pmonRow(
  /** @type {readonly string[]} */ [gpu = '', pid = '', type = '', ...cells],
  /** @type {string} */ command,
) {
  const numbers = cells.map((text) => text.padStart(7)).join('');
  return `${gpu.padStart(5)}${pid.padStart(11)}${type.padStart(6)}${numbers}    ${command.slice(0, 15).padEnd(15)}\n`;
}

/** @param {boolean} showsMemory -s um adds the two memory columns */
export function renderPmonHeader(showsMemory) {
  const memory = showsMemory ? ['     fb   ccpm', '     MB     MB'] : ['', ''];
  return (
    `# gpu         pid   type     sm    mem    enc    dec    jpg    ofa${memory[0]}    command \n` +
    `# Idx           #    C/G      %      %      %      %      %      %${memory[1]}    name \n`
  );
}

/**
 * @param {readonly Moment[]} moments
 * @param {boolean} showsMemory
 */
export function renderPmonRows(moments, showsMemory) {
  return moments
    .flatMap(({ gpu, index, atMs }) => {
      const owners = listProcesses(gpu, atMs);
      const blanks = Array.from({ length: showsMemory ? 8 : 6 }, () => '-');
      if (owners.length === 0) return [pmonRow([String(index), '-', '-', ...blanks], '-')];
      return owners.map((owner) => {
        // The driver gives '-' for a process that did nothing since the last look, and under MIG for all.
        const isIdle = owner.smPercent === 0 || gpu.mig === 'on';
        const sm = isIdle ? ['-', '-'] : [String(owner.smPercent), String(Math.round(owner.smPercent / 10))];
        const memory = showsMemory ? [String(owner.memoryMiB), '0'] : [];
        return pmonRow(
          [
            String(index),
            String(owner.pid),
            owner.isDrawing === true ? 'G' : 'C',
            ...sm,
            '-',
            '-',
            '-',
            '-',
            ...memory,
          ],
          owner.name.split('/').at(-1) ?? '',
        );
      });
    })
    .join('');
}
