import type { RunDomain } from './run.ts';

/** The run's own mean power on a device, over the time that was seen: over all devices it sums up to the run's. Null where the run has no share. */
export function runMeanWattsOn({
  runJoules,
  joules,
  meanWatts,
}: Pick<RunDomain, 'runJoules' | 'joules' | 'meanWatts'>): number | null {
  if (runJoules === null || joules === null || meanWatts === null) return null;
  return joules > 0 ? (meanWatts * runJoules) / joules : 0;
}

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
