/** Cores by implementer and part number, as the kernel names them (arch/arm64/include/asm/cputype.h): of servers, NVIDIA's boards and desktops. */
const cores: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '0x41': {
    '0xd03': 'Arm Cortex-A53',
    '0xd07': 'Arm Cortex-A57',
    '0xd08': 'Arm Cortex-A72',
    '0xd0b': 'Arm Cortex-A76',
    '0xd0c': 'Arm Neoverse-N1',
    '0xd40': 'Arm Neoverse-V1',
    '0xd42': 'Arm Cortex-A78AE',
    '0xd49': 'Arm Neoverse-N2',
    '0xd4f': 'Arm Neoverse-V2',
    '0xd83': 'Arm Neoverse-V3AE',
    '0xd84': 'Arm Neoverse-V3',
    '0xd85': 'Arm Cortex-X925',
    '0xd87': 'Arm Cortex-A725',
    '0xd8e': 'Arm Neoverse-N3',
  },
  '0x43': { '0x0af': 'Marvell ThunderX2' },
  '0x46': { '0x001': 'Fujitsu A64FX' },
  '0x48': { '0xd01': 'HiSilicon TaiShan v110' },
  '0x4e': { '0x003': 'NVIDIA Denver', '0x004': 'NVIDIA Carmel', '0x010': 'NVIDIA Olympus' },
  '0x51': { '0x001': 'Qualcomm Oryon' },
  '0xc0': { '0xac3': 'Ampere-1', '0xac4': 'Ampere-1A' },
};

/** A core's name by 'CPU implementer' and 'CPU part' of /proc/cpuinfo, 'Arm Neoverse-V2'; null where it is not among those known. */
export function armCoreName(implementer: string, part: string): string | null {
  const parts = Object.hasOwn(cores, implementer) ? cores[implementer] : undefined;
  return parts !== undefined && Object.hasOwn(parts, part) ? (parts[part] ?? null) : null;
}
