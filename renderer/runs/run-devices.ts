import type { RunDomain } from '../../shared/model/run.ts';

/** '4 × NVIDIA H100 80GB HBM3', 'AMD EPYC 8024P' where there is no GPU; null where the run has no device. */
export function deviceWords(domains: readonly RunDomain[]): string | null {
  const used = domains.filter((domain) => domain.runJoules === null || domain.runJoules > 0);
  const gpus = used.filter((domain) => domain.kind === 'gpu' || domain.kind === 'module');
  const counted = new Map<string, number>();
  for (const { name } of gpus.length > 0 ? gpus : used.filter((domain) => domain.kind === 'cpu'))
    counted.set(name, (counted.get(name) ?? 0) + 1);
  const words = [...counted].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`));
  return words.length === 0 ? null : words.join(', ');
}

/** The devices the run drew from, or could have without anyone being able to tell; all of them where there is no such one. */
export function usedDomains(domains: readonly RunDomain[]): readonly RunDomain[] {
  const used = domains.filter((domain) => domain.splitBy !== 'none' || (domain.runJoules ?? 0) > 0);
  return used.length === 0 ? domains : used;
}

/** True where, beside GPUs, a share of the processor or its memory is in the run's energy. */
export function hasHostShare(domains: readonly RunDomain[]): boolean {
  const has = (kinds: readonly string[]): boolean =>
    domains.some((domain) => kinds.includes(domain.kind) && (domain.runJoules ?? 0) > 0);
  return has(['gpu', 'module']) && has(['cpu', 'dram', 'other']);
}

/** True where something read the whole machine at the wall or its supplies, so that nothing is left unread. */
export function hasMeter(domains: readonly RunDomain[]): boolean {
  return domains.some((domain) => domain.kind === 'wall' && domain.joules !== null);
}

const makers = /\b(?:Simulated|NVIDIA|AMD|Intel|Apple|GeForce|Tesla|Radeon|Instinct|Graphics)\b(?:\((?:R|TM)\))?\s*/g;
const details = /\s+(?:\d+\s?Gi?B\b.*|SXM\d?\b.*|PCIe\b.*|NVL\b.*|\d+-Core Processor.*|CPU @.*)$/;

/** '4 × H100' for '4 × NVIDIA H100 80GB HBM3': what tells devices apart in a narrow column. */
export function shortDeviceWords(devices: string): string {
  const parts = devices.split(', ').map((part) => part.replaceAll(makers, '').replace(details, '').trim());
  const short = parts.join(', ');
  return short === '' ? devices : short;
}
