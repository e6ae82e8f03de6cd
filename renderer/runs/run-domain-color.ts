import type { RunDomain } from '../../shared/model/run.ts';
import { restTintPercent, type SeriesColor, tintPercent } from '../design/series.ts';
import { usedDomains } from './run-devices.ts';

const memoryTintPercent = 28;

/** A device's tint of the run's colour: each GPU its own, the run's share of processor and memory paler. */
export function domainFill(domain: RunDomain, domains: readonly RunDomain[], color: SeriesColor): string {
  const gpus = usedDomains(domains).filter((other) => other.kind === 'gpu');
  const gpuIndex = gpus.findIndex((gpu) => gpu.id === domain.id);
  const percent = gpuIndex >= 0 ? tintPercent(gpuIndex) : domain.kind === 'dram' ? memoryTintPercent : restTintPercent;
  return `color-mix(in oklab, var(--${color}) ${percent}%, var(--tint))`;
}
