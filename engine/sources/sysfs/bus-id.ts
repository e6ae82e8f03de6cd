/**
 * A PCI address as sysfs writes it, '0000:01:00.0': NVIDIA's '00000000:01:00.0' (eight digits of domain), a short '01:00.0' and capitals
 * are the same device. A domain above ffff keeps its fifth digit ('10000:e1:00.0'). Null where the text is no address.
 */
export function normalizeBusId(text: string): string | null {
  const parts = /^(?:([0-9a-f]{1,8}):)?([0-9a-f]{2}):([0-1][0-9a-f])\.([0-7])$/i.exec(text.trim());
  if (parts === null) return null;
  const [, domain = '0', bus = '', device = '', pciFunction = ''] = parts;
  const shortDomain = domain.replace(/^0+/, '').padStart(4, '0');
  return `${shortDomain}:${bus}:${device}.${pciFunction}`.toLowerCase();
}
