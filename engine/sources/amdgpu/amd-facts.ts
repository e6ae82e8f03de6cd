import type { Domain } from '../../../shared/model/domain.ts';

type Gain = NonNullable<Domain['gain']>;

/**
 * What AMD's cards report is the power of the GPU and its memory as their voltage converters deliver it; the converters' own losses, fans and the rest
 * of the board are not in it. Navi 21 XT: 255 W reported of 320 W drawn, Navi 21 XL: 220 of 290 W, so up to 1.32 times (Igor Wallossek, igorslab.de,
 * 'Graphics cards and their consumption: read out rather than measured', and his table of October 2020). AMD states no accuracy: the lower end, 5 %,
 * is by judgement.
 */
export const amdCardGain: Gain = { lowRatio: 0.95, highRatio: 1.32 };

/** An APU's package power is the firmware's own sum. AMD states no accuracy; ±10 % is by judgement, wider than what was found for RAPL packages. */
export const amdApuGain: Gain = { lowRatio: 0.9, highRatio: 1.1 };

/**
 * Window of AMD's 'average' power, in seconds: "the last sample window. This could be around 100ms or so" (AMD's maintainer of rocm-smi,
 * https://github.com/ROCm/ROC-smi/issues/89). The driver reads the firmware anew at most every millisecond
 * (https://github.com/ROCm/legacy-rocm-build/issues/1649).
 */
export const amdAverageWindowSeconds = 0.1;

/**
 * Names by PCI device id, for the cards whose driver gives none. Several models share an id and differ in a revision, so these name the family.
 * Everything else is called by its ids.
 */
const names: Readonly<Record<string, string>> = {
  '150e': 'AMD Strix Point (Radeon 880M/890M)',
  '15bf': 'AMD Phoenix (Radeon 780M)',
  '163f': 'AMD Van Gogh (Steam Deck)',
  '1681': 'AMD Rembrandt (Radeon 680M)',
  '6617': 'AMD Radeon R7 240',
  '67df': 'AMD Radeon RX 470/480/570/580',
  '687f': 'AMD Radeon RX Vega 56/64',
  '731f': 'AMD Radeon RX 5600/5700',
  '7340': 'AMD Radeon RX 5500',
  '738c': 'AMD Instinct MI100',
  '73bf': 'AMD Radeon RX 6800/6900',
  '73df': 'AMD Radeon RX 6700',
  '73ff': 'AMD Radeon RX 6600',
  '740f': 'AMD Instinct MI210',
  '744c': 'AMD Radeon RX 7900',
  '747e': 'AMD Radeon RX 7700 XT/7800 XT',
  '7480': 'AMD Radeon RX 7600/7700S',
  '74a0': 'AMD Instinct MI300A',
  '74a1': 'AMD Instinct MI300X',
  '7550': 'AMD Radeon RX 9070',
};

/** No product's is longer; a file may hold anything. */
const longestName = 100;

export function amdGpuName(productName: string | null, deviceId: string | null): string {
  return productName?.slice(0, longestName) ?? names[deviceId ?? ''] ?? `AMD GPU 1002:${deviceId ?? '????'}`;
}

/**
 * PCI ids of graphics that share their die or package with the CPU: Raven, Picasso, Renoir, Lucienne, Cezanne, Barcelo, Mendocino, Rembrandt, Raphael, Granite
 * Ridge, Van Gogh and its successor, Phoenix, Hawk Point, Strix, Strix Halo, Krackan (pci.ids; amdgpu_drv.c); and the MI300A, for which the driver leaves the
 * APU's files out (graphics core 9.4.3). They tell where a container or another tool shows the device without its sensors.
 */
const apuDeviceIds: ReadonlySet<string> = new Set(
  '15dd 15d8 1636 164c 1638 15e7 1506 1681 164e 13c0 163f 1435 15bf 15c8 1900 1901 150e 1586 1114 74a0'.split(' '),
);

export const isApuDevice = (deviceId: string | null): boolean => deviceId !== null && apuDeviceIds.has(deviceId);

/**
 * An APU is told from a card by the files that its driver makes: only APUs have a voltage of the northbridge ('vddnb', `in1_input`). Source:
 * `hwmon_attributes_visible` of the Linux driver, amdgpu_pm.c ("only APUs have vddnb", "no mclk on APUs"). File names alone are looked at, so a
 * sleeping card is told too; where these are not there, by its id. Memory size, `boot_vga` or a bus number would tell nothing: an APU may have 4 GiB of its
 * own and be the second display.
 */
export const isApu = (deviceId: string | null, hwmonFiles: ReadonlySet<string>): boolean =>
  isApuDevice(deviceId) || hwmonFiles.has('in1_input');
