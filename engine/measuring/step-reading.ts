import type { MeterGap } from '../energy/interval.ts';
import { stepMeter } from '../energy/meter.ts';
import type { MeterOptions, MeterStep } from '../energy/meter-state.ts';
import { type SourceReading, unknownValues } from '../sources/source.ts';
import type { DomainState } from './domain-state.ts';

/**
 * Advances a domain's meter by one reading: at a run's edge by the counter's renewal before it first. That one is a step of the meter and nothing else, since
 * nothing but the counter is known of its moment. A gap that a driver's hanging left is named so, though it answered before anybody gave it up.
 */
export function stepReading({ meter }: DomainState, reading: SourceReading, options: MeterOptions): MeterStep {
  const { renewalBefore, waitedSeconds, domain, error } = reading;
  if (renewalBefore === null && waitedSeconds === 0) return stepMeter(meter, reading, options);
  const before =
    renewalBefore === null ? null : stepMeter(meter, { domain, ...unknownValues, ...renewalBefore, error }, options);
  const step = stepMeter(before?.state ?? meter, reading, options);
  const named = (gap: MeterGap): MeterGap =>
    waitedSeconds > 0 && gap.reason === 'no-reading' ? { ...gap, reason: 'timeout' } : gap;
  return {
    state: step.state,
    intervals: [...(before?.intervals ?? []), ...step.intervals],
    gaps: [...(before?.gaps ?? []), ...step.gaps].map(named),
  };
}
