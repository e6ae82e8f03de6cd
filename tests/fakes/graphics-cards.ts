import type { FileTree } from './file-tree.ts';

const prefixed = (prefix: string, files: FileTree): FileTree =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`${prefix}/${name}`, content]));

/** Sysfs of a discrete AMD card as `cardN` at a PCI address: 36 W, 11 % busy, 54 °C, 250 W limit, 1 of 16 GiB used, awake. */
export const amdCardTree = (number: number, busId: string, change: FileTree = {}): FileTree => ({
  ...prefixed(`class/drm/card${number}/device`, {
    vendor: '0x1002\n',
    device: '0x73bf\n',
    uevent: `DRIVER=amdgpu\nPCI_CLASS=30000\nPCI_ID=1002:73BF\nPCI_SLOT_NAME=${busId}\n`,
    gpu_busy_percent: '11\n',
    mem_info_vram_used: '1073741824\n',
    mem_info_vram_total: '17179869184\n',
    'power/runtime_status': 'active\n',
    'hwmon/hwmon5/name': 'amdgpu\n',
    'hwmon/hwmon5/power1_label': 'PPT\n',
    'hwmon/hwmon5/power1_average': '36000000\n',
    'hwmon/hwmon5/power1_cap': '250000000\n',
    'hwmon/hwmon5/temp1_input': '54000\n',
    'hwmon/hwmon5/temp1_label': 'edge\n',
    'hwmon/hwmon5/freq1_input': '500000000\n',
    'hwmon/hwmon5/freq2_input': '1000000000\n',
    ...change,
  }),
  ...prefixed(`bus/pci/devices/${busId}`, {
    vendor: '0x1002\n',
    device: '0x73bf\n',
    class: '0x030000\n',
    'power/runtime_status': 'active\n',
  }),
});

/** Sysfs of an AMD APU: 9.5 W of package power as a mean, 10 W at this instant, 45 °C. */
export const amdApuTree = (number: number, busId: string, change: FileTree = {}): FileTree => ({
  ...prefixed(`class/drm/card${number}/device`, {
    vendor: '0x1002\n',
    device: '0x15bf\n',
    uevent: `DRIVER=amdgpu\nPCI_ID=1002:15BF\nPCI_SLOT_NAME=${busId}\n`,
    'hwmon/hwmon6/name': 'amdgpu\n',
    'hwmon/hwmon6/in1_input': '650\n',
    'hwmon/hwmon6/in1_label': 'vddnb\n',
    'hwmon/hwmon6/power1_label': 'PPT\n',
    'hwmon/hwmon6/power1_average': '9500000\n',
    'hwmon/hwmon6/power1_input': '10000000\n',
    'hwmon/hwmon6/temp1_input': '45000\n',
    'hwmon/hwmon6/temp1_label': 'edge\n',
    ...change,
  }),
});

/** Sysfs of a discrete Intel card on the xe driver: 1,500 J on the card's counter, 900 J on the chip's, 150 W limit, 61 °C. */
export const intelCardTree = (number: number, busId: string, change: FileTree = {}): FileTree => ({
  ...prefixed(`class/drm/card${number}/device`, {
    vendor: '0x8086\n',
    device: '0xe20b\n',
    uevent: `DRIVER=xe\nPCI_ID=8086:E20B\nPCI_SLOT_NAME=${busId}\n`,
    'power/runtime_status': 'active\n',
    'hwmon/hwmon3/name': 'xe\n',
    'hwmon/hwmon3/energy1_input': '1500000000\n',
    'hwmon/hwmon3/energy1_label': 'card\n',
    'hwmon/hwmon3/energy2_input': '900000000\n',
    'hwmon/hwmon3/energy2_label': 'pkg\n',
    'hwmon/hwmon3/power1_max': '150000000\n',
    'hwmon/hwmon3/power1_rated_max': '190000000\n',
    'hwmon/hwmon3/temp2_input': '61000\n',
    ...change,
  }),
});

/** Procfs of a process that has a GPU's device file open on descriptor 5. */
export const drmProcessTree = (pid: number, name: string, fdinfo: string): FileTree => ({
  [`${pid}/comm`]: `${name}\n`,
  [`${pid}/fd/0`]: { link: '/dev/null' },
  [`${pid}/fd/5`]: { link: '/dev/dri/renderD128' },
  [`${pid}/fdinfo/0`]: 'pos:\t0\nflags:\t0100002\n',
  [`${pid}/fdinfo/5`]: fdinfo,
});

/** As amdgpu writes it (Linux 6.x): engine times in nanoseconds, memory in KiB. */
export const amdgpuFdinfo = (client: {
  readonly busId: string;
  readonly clientId: number;
  readonly gfxNanoseconds?: number;
  readonly computeNanoseconds?: number;
  readonly memoryKibibytes?: number;
}): string =>
  [
    'pos:\t0',
    'flags:\t02100002',
    'drm-driver:\tamdgpu',
    `drm-client-id:\t${client.clientId}`,
    `drm-pdev:\t${client.busId}`,
    'pasid:\t32771',
    `drm-memory-vram:\t${client.memoryKibibytes ?? 0} KiB`,
    'drm-memory-gtt: \t2392 KiB',
    `drm-engine-gfx:\t${client.gfxNanoseconds ?? 0} ns`,
    `drm-engine-compute:\t${client.computeNanoseconds ?? 0} ns`,
    'drm-engine-dec:\t0 ns',
    '',
  ].join('\n');
