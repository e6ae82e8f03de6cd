import type { RunDomain } from '../../shared/model/run.ts';

/** The devices the run drew from, or could have without anyone being able to tell; all of them where there is no such one. */
export function usedDomains(domains: readonly RunDomain[]): readonly RunDomain[] {
  const used = domains.filter((domain) => domain.splitBy !== 'none' || (domain.runJoules ?? 0) > 0);
  return used.length === 0 ? domains : used;
}

const makers = /\b(?:Simulated|NVIDIA|AMD|Intel|Apple|GeForce|Tesla|Radeon|Instinct|Graphics)\b(?:\((?:R|TM)\))?\s*/g;
const details = /\s+(?:\d+\s?Gi?B\b.*|SXM\d?\b.*|PCIe\b.*|NVL\b.*|\d+-Core Processor.*|CPU @.*)$/;

/** '4 × H100' for '4 × NVIDIA H100 80GB HBM3': what tells devices apart in a narrow column. */
export function shortDeviceWords(devices: string): string {
  const parts = devices.split(', ').map((part) => part.replaceAll(makers, '').replace(details, '').trim());
  const short = parts.join(', ');
  return short === '' ? devices : short;
}
