import type { IntensityPoint, RunAccounting, RunAccounts } from '../../shared/model/carbon.ts';
import type { CarbonFactor, Price } from '../../shared/model/run.ts';
import { costFromJoules, emissionsFromJoules } from '../carbon/carbon.ts';
import { costOverTime, emissionsOverTime } from '../carbon/over-time.ts';
import { factorAt, priceAtMoment } from '../carbon/today.ts';
import type { Store } from '../store/store.ts';
import type { CalendarSpan } from './calendar.ts';

/** Energy in joules, its grams of CO2e, and its money in the present currency; cost null: there is no price. */
export interface Amounts {
  readonly joules: number;
  readonly gramsCO2e: number;
  readonly cost: number | null;
}

/** What a run has used so far. */
export interface RunSpending {
  readonly id: string;
  readonly project: string | null;
  readonly startedMs: number;
  readonly joules: number;
  readonly factor: CarbonFactor;
  readonly price: Price | null;
  /** Whose readings of the grid and which tariff it is judged by. Default: neither. */
  readonly accounts?: RunAccounts;
  /** As worked out over its own time. */
  readonly accounting?: RunAccounting | null;
  /** Of a run that was measured elsewhere: it counts in no day and month of this machine. */
  readonly isImported?: boolean;
}

/** What counts at a moment. */
export interface Moment {
  readonly unixMs: number;
  /** The grid's reading. */
  readonly point: IntensityPoint | null;
  readonly price: Price | null;
}

export const noAmounts: Amounts = { joules: 0, gramsCO2e: 0, cost: 0 };

export const plus = (a: Amounts, b: Amounts): Amounts => ({
  joules: a.joules + b.joules,
  gramsCO2e: a.gramsCO2e + b.gramsCO2e,
  cost: a.cost === null || b.cost === null ? null : a.cost + b.cost,
});

export const amountsOf = (joules: number, factor: CarbonFactor, price: Price | null): Amounts => ({
  joules,
  gramsCO2e: emissionsFromJoules(joules, factor),
  cost: price === null ? null : costFromJoules(joules, price),
});

/** Money of several currencies has no sum: a run that was priced in another one than the present counts by the present price. */
const isForeign = ({ price }: RunSpending, present: Price | null): boolean =>
  price === null || (present !== null && present.currency !== price.currency);

const priceOf = (run: RunSpending, present: Price | null): Price | null =>
  isForeign(run, present) ? present : run.price;

/** What a run draws now, by what counts for it now. */
export function amountsAtMoment(run: RunSpending, joules: number, { unixMs, point, price }: Moment): Amounts {
  const factor = run.accounts?.series == null ? run.factor : factorAt(run.factor, point);
  const tariff = isForeign(run, price) ? null : (run.accounts?.tariff ?? null);
  return amountsOf(joules, factor, priceAtMoment(priceOf(run, price), tariff, unixMs));
}

/** A run as a whole: what was worked out over its time, and the energy since by its flat factor and price. */
export function wholeAmounts(run: RunSpending, present: Price | null): Amounts {
  const price = priceOf(run, present);
  const { accounting = null } = run;
  if (accounting === null) return amountsOf(run.joules, run.factor, price);
  const rest = amountsOf(run.joules - accounting.joules, run.factor, price);
  const flat = amountsOf(run.joules, run.factor, price);
  return {
    joules: run.joules,
    gramsCO2e: accounting.gramsCO2e + rest.gramsCO2e,
    cost:
      accounting.amount === null || isForeign(run, present) || rest.cost === null
        ? flat.cost
        : accounting.amount + rest.cost,
  };
}

/** So many joules of a run, drawn within a span. */
export function amountsWithin(
  store: Pick<Store, 'runEnergy' | 'listIntensities'>,
  run: RunSpending,
  { joules, span, present }: { readonly joules: number; readonly span: CalendarSpan; readonly present: Price | null },
): Amounts {
  const price = priceOf(run, present);
  const flat = amountsOf(joules, run.factor, price);
  const series = run.accounts?.series ?? null;
  const tariff = isForeign(run, present) ? null : (run.accounts?.tariff ?? null);
  if (joules <= 0 || (series === null && tariff === null)) return flat;
  if (run.startedMs >= span.fromMs && run.joules > 0) {
    const whole = wholeAmounts(run, present);
    const ratio = joules / run.joules;
    return { joules, gramsCO2e: whole.gramsCO2e * ratio, cost: whole.cost === null ? null : whole.cost * ratio };
  }
  const slices = store.runEnergy(run.id).flatMap((slice) => {
    const fromMs = Math.max(slice.fromMs, span.fromMs);
    if (slice.toMs <= fromMs) return [];
    return [{ ...slice, fromMs, joules: (slice.joules * (slice.toMs - fromMs)) / (slice.toMs - slice.fromMs) }];
  });
  const points = series === null ? [] : store.listIntensities(series, { fromMs: span.fromMs, toMs: span.toMs });
  return {
    joules,
    gramsCO2e: emissionsOverTime({ slices, totalJoules: joules, points, factor: run.factor }).gramsCO2e,
    cost:
      price === null || tariff === null
        ? flat.cost
        : costOverTime({ slices, totalJoules: joules, price, tariff }).amount,
  };
}
