import { isSummed } from '../../shared/model/domain.ts';
import type { HistoryQuery, Quantity } from '../../shared/model/history.ts';
import type { RunDomain, RunReport } from '../../shared/model/run.ts';
import { usedDomains } from './run-devices.ts';

export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** From the run's start to its end, or to now; never empty. */
export function spanOf(run: RunReport['run'], nowMs: number): TimeSpan {
  const fromMs = Date.parse(run.startedAt);
  const toMs = run.endedAt === null ? nowMs : Date.parse(run.endedAt);
  return { fromMs, toMs: Math.max(toMs, fromMs + 1) };
}

/** Domains whose shares add up to the run's energy, GPUs last so that they stand on top of the stack. */
export function stackedDomains(domains: readonly RunDomain[]): readonly RunDomain[] {
  const summed = domains.filter((domain) => isSummed(domain.kind) && domain.splitBy !== 'none');
  const rank = (domain: RunDomain): number => (domain.kind === 'gpu' ? 1 : 0);
  return summed.toReversed().sort((a, b) => rank(a) - rank(b));
}

export function powerQuery(
  runId: string,
  domains: readonly RunDomain[],
  span: TimeSpan,
  maxPoints: number,
): HistoryQuery {
  return {
    ...span,
    maxPoints,
    series: [
      { key: 'total', of: { kind: 'run', runId }, quantity: 'powerWatts' },
      ...domains.map((domain) => ({
        key: domain.id,
        of: { kind: 'run-domain' as const, runId, domainId: domain.id },
        quantity: 'powerWatts' as const,
      })),
    ],
  };
}

export const watchedQuantities = [
  'utilizationRatio',
  'memoryUsedBytes',
  'temperatureCelsius',
] as const satisfies readonly Quantity[];
export type WatchedQuantity = (typeof watchedQuantities)[number];
export type WatchedDomains = Readonly<Record<WatchedQuantity, readonly RunDomain[]>>;

/** GPUs the run drew from; the processors where it has none, and the machine's memory for theirs. */
export function watchedDomains(domains: readonly RunDomain[]): WatchedDomains {
  const used = usedDomains(domains);
  const gpus = used.filter((domain) => domain.kind === 'gpu');
  const watched = gpus.length > 0 ? gpus : used.filter((domain) => domain.kind === 'cpu');
  const memory = gpus.length > 0 ? gpus : domains.filter((domain) => domain.kind === 'dram');
  return { utilizationRatio: watched, memoryUsedBytes: memory, temperatureCelsius: watched };
}

export function stateQuery(watched: WatchedDomains, span: TimeSpan, maxPoints: number): HistoryQuery {
  return {
    ...span,
    maxPoints,
    series: watchedQuantities.flatMap((quantity) =>
      watched[quantity].map((domain) => ({
        key: `${quantity}/${domain.id}`,
        of: { kind: 'domain' as const, domainId: domain.id },
        quantity,
      })),
    ),
  };
}
