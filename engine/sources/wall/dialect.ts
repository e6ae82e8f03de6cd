import type { GapReason } from '../../../shared/model/domain.ts';
import type { WallMeter } from '../../../shared/model/settings.ts';
import type { SensorError } from '../source.ts';

/** What one answer of a wattmeter tells; at least one of the two numbers is there. */
export interface WallSample {
  /** Active power at one moment. */
  readonly powerWatts: number | null;
  readonly counterJoules: number | null;
  /** The least step that the counter can make as it is written; 0 without one. */
  readonly counterStepJoules: number;
}

export type WallParse = { readonly kind: 'sample'; readonly sample: WallSample } | WallMissing;

export interface WallMissing {
  readonly kind: 'missing';
  readonly reason: GapReason;
  readonly note: string;
  /** What was asked is there and does not measure; another part of the device may. */
  readonly isElsewhere?: boolean;
}

export interface WallQuestion {
  /** Path and query below the meter's address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parse: (body: unknown) => WallParse;
}

/** How one make of wattmeter is asked. */
export interface WallDialect {
  readonly label: string;
  /** As a vendor or a chip's maker states it, or by judgement: README.md says which. */
  readonly error: SensorError;
  /** In the order to try, the next where the device does not know the one before; or what is wrong with the setting, in a sentence. */
  readonly questions: (meter: WallMeter) => readonly WallQuestion[] | { readonly problem: string };
  /** Said where the device knows none of them. */
  readonly whenUnknown: (meter: WallMeter) => string;
}

/** What to say of a device that knows none of the questions. */
export const otherDevice = (label: string) => (meter: WallMeter) =>
  `${new URL(meter.url).hostname} knows no such meter: is it a ${label}?`;

export const missing = (reason: GapReason, note: string): WallMissing => ({ kind: 'missing', reason, note });

/** Power alone, or with a counter. A draw below zero is a plug wired the wrong way round, or a roof: not what a machine takes. */
export function sampleOf(powerWatts: number, counter: { joules: number; stepJoules: number } | null = null): WallParse {
  if (powerWatts < 0) return missing('invalid', `The wattmeter says ${powerWatts} W: less than nothing.`);
  // What a meter says in watt-hours may be more than a number of joules can hold: no counter, then.
  const { joules, stepJoules } = counter ?? { joules: Number.NaN, stepJoules: 0 };
  const isCounted = Number.isFinite(joules) && joules >= 0;
  return {
    kind: 'sample',
    sample: { powerWatts, counterJoules: isCounted ? joules : null, counterStepJoules: isCounted ? stepJoules : 0 },
  };
}

/** The channel that the setting names, 0 where it names none; null where what it names is no channel. */
export function channelOf(meter: WallMeter): number | null {
  if (meter.entity === null || meter.entity.trim() === '') return 0;
  return /^\d{1,2}$/.test(meter.entity.trim()) ? Number(meter.entity) : null;
}
