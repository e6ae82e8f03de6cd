import { msFromSeconds } from '../../../shared/units.ts';
import type { Clock } from '../../clock/clock.ts';
import { type Asked, type Asker, type Timed, whenAsked } from './ask.ts';
import type { Device } from './device.ts';
import {
  awaitStep,
  type CounterStep,
  learnLag,
  longestEdgeMs,
  observeCounter,
  unknownConduct,
  unknownLagSeconds,
} from './energy-counter.ts';
import type { NvmlLibrary } from './nvml-api.ts';

/** A value of the counter, its moment, and the most that it may be off that. */
export interface CountedValue {
  readonly millijoules: number;
  readonly atMs: number;
  readonly lagSeconds: number;
}

export interface Counted extends CountedValue {
  /** At an edge also the value that it was renewed to before, at that moment: what was drawn between the two is known exactly. */
  readonly before: CountedValue | null;
}

export type CounterAnswer =
  | ({ readonly kind: 'value' } & Counted)
  | { readonly kind: 'code'; readonly code: number; readonly atMs: number };

export interface CounterReader {
  isUsable(): boolean;
  /** Null where the device has no counter. At an edge it waits for the counter's next step. */
  read(round: { readonly isEdge: boolean; readonly signal: AbortSignal }): Asked<CounterAnswer | null>;
  /** Takes note of what was read, beside the power of the same moment; null where the counter cannot be trusted now. */
  observe(answer: CounterAnswer | null, powerWatts: number | null): Counted | null;
  renew(): void;
  close(): void;
}

/** A counter that did not step while watched (nothing was drawn) is watched again after this. */
const learnAgainMs = 30_000;

/** Reads one device's energy counter, watches how it behaves, and learns in the background how often it is renewed. */
export function createCounterReader(
  library: NvmlLibrary,
  device: Device,
  parts: { readonly asker: Asker; readonly clock: Clock },
): CounterReader {
  const { asker, clock } = parts;
  let conduct = unknownConduct;
  let lagSeconds: number | null = null;
  let learning: AbortController | null = null;
  let triedAtMs = Number.NEGATIVE_INFINITY;

  /** The call before makes sure that the device answers; then the counter is read at once, and its moment is known to microseconds. */
  const look = (): Asked<Timed<number>> =>
    asker.isAlive() ? ask() : whenAsked(ask(), (canary) => (canary.result.kind === 'code' ? canary : ask()));

  const ask = (): Asked<Timed<number>> => asker.askTimed(library.totalEnergyMillijoules, device.handle);

  function startLearning(): void {
    if (!device.hasCounter || lagSeconds !== null || learning !== null) return;
    const nowMs = clock.monotonicMs();
    if (nowMs - triedAtMs < learnAgainMs) return;
    triedAtMs = nowMs;
    const started = new AbortController();
    learning = started;
    learnLag(look, { clock, signal: started.signal })
      .then((learned) => {
        if (started.signal.aborted) return;
        lagSeconds = learned;
        if (learned !== null) conduct = { ...conduct, isProven: true };
      })
      .catch(() => undefined)
      .finally(() => {
        if (learning === started) learning = null;
      });
  }

  async function readAtEdge(signal: AbortSignal): Promise<CounterAnswer> {
    const step = await awaitStep(look, { clock, signal, limitMs: longestEdgeMs });
    if (step === null) return answerOf(await look());
    conduct = { ...conduct, isProven: true };
    return {
      kind: 'value',
      millijoules: step.millijoules,
      atMs: step.atMs,
      lagSeconds: step.gapSeconds,
      before: beforeStep(step, lagSeconds),
    };
  }

  const answerOf = ({ result, atMs }: Timed<number>): CounterAnswer =>
    result.kind === 'code'
      ? { kind: 'code', code: result.code, atMs }
      : // On the average it is half as old as it may be: so it is dated.
        {
          kind: 'value',
          millijoules: result.value,
          atMs: atMs - msFromSeconds(lagSeconds ?? 0) / 2,
          lagSeconds: lagSeconds ?? unknownLagSeconds,
          before: null,
        };

  return {
    isUsable: () => device.hasCounter && (conduct.lastMillijoules === null || conduct.isUsable),
    read({ isEdge, signal }) {
      if (!device.hasCounter) return null;
      const isFirst = conduct.lastMillijoules === null;
      return isEdge && (isFirst || conduct.isUsable) ? readAtEdge(signal) : whenAsked(look(), answerOf);
    },
    observe(answer, powerWatts) {
      if (answer?.kind !== 'value') return null;
      conduct = observeCounter(conduct, { millijoules: answer.millijoules, atMs: answer.atMs, powerWatts });
      if (conduct.isUsable) startLearning();
      return conduct.isUsable ? answer : null;
    },
    renew() {
      // What it was before is another counter's; that one fall is the meter's to see.
      conduct = { ...conduct, stillSinceMs: null };
    },
    close() {
      learning?.abort();
      learning = null;
    },
  };
}

/** A counter that is renewed more often than this has no age to speak of. */
const leastLagSeconds = 0.005;

/** The renewal before a step, one learned period earlier; null where the counter was waited for longer than that, so that its period is another one. */
function beforeStep(step: CounterStep, lagSeconds: number | null): CountedValue | null {
  if (lagSeconds === null || lagSeconds < leastLagSeconds) return null;
  if (step.waitedSeconds > lagSeconds + step.gapSeconds) return null;
  return {
    millijoules: step.beforeMillijoules,
    atMs: step.atMs - msFromSeconds(lagSeconds),
    lagSeconds: step.gapSeconds,
  };
}
