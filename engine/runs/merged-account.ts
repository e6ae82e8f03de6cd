import { isDeepStrictEqual } from 'node:util';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { RunAccounting, RunAccounts } from '../../shared/model/carbon.ts';
import type { CarbonFactor, Price } from '../../shared/model/run.ts';
import { kwhFromJoules } from '../../shared/units.ts';
import { costOf, emissionsOf } from '../carbon/run-emissions.ts';
import type { RunRecord, RunTotals } from '../store/records.ts';

/** What a run is judged by. */
type Account = Pick<RunRecord, 'factor' | 'price' | 'accounts'>;

export interface AccountedPart {
  readonly record: RunRecord;
  readonly totals: RunTotals;
  readonly accounting: RunAccounting | null;
}

/**
 * What a merged run is judged by, so that its grams and money are the sums of its parts'. Parts that were judged the same keep that. Else it stands on flat means
 * by energy: Σ E·PUE / Σ E, Σ grams / (E · PUE) and Σ money / E, for no series or tariff holds for all of its time.
 * Throws 'runs/not-mergeable' where there is no such sum, or a part is still on: what it draws next is not to be judged by another's mean.
 */
export function mergeAccounts(
  parts: readonly [AccountedPart, ...AccountedPart[]],
  totalJoules: number | null,
): Account {
  const [into, ...others] = withEnergy(parts);
  if (others.every((other) => isDeepStrictEqual(accountOf(other), accountOf(into)))) return accountOf(into);
  const all = [into, ...others];
  for (const other of others) assertAddable(into, other);
  const running = all.find((part) => part.record.status === 'running');
  if (running !== undefined)
    throw new WattrunError(
      'runs/not-mergeable',
      `${running.record.name} is still on, and these runs stand on different factors or prices.`,
      'Merge them once it has ended.',
    );
  const joules = totalJoules !== null && totalJoules > 0 ? totalJoules : sumOf(all, joulesOf);
  return { factor: meanFactor(all, joules), price: meanPrice(all, joules), accounts: meanAccounts(all) };
}

const accountOf = ({ record: { factor, price, accounts } }: AccountedPart): Account => ({ factor, price, accounts });
const joulesOf = ({ totals }: AccountedPart): number => totals.totalJoules ?? 0;
const sumOf = (parts: readonly AccountedPart[], value: (part: AccountedPart) => number): number =>
  parts.reduce((sum, part) => sum + value(part), 0);
/** Mean of a value, each part weighing what it drew. */
const meanOf = (parts: readonly AccountedPart[], value: (part: AccountedPart) => number): number =>
  sumOf(parts, (part) => value(part) * joulesOf(part)) / sumOf(parts, joulesOf);

/** A part that ended and drew nothing has no grams and no money: how it would be judged does not matter. */
function withEnergy(parts: readonly [AccountedPart, ...AccountedPart[]]): readonly [AccountedPart, ...AccountedPart[]] {
  const [first, ...rest] = parts.filter((part) => joulesOf(part) > 0 || part.record.status === 'running');
  return first === undefined ? [parts[0]] : [first, ...rest];
}

function meanFactor(parts: readonly AccountedPart[], joules: number): CarbonFactor {
  const told = parts.map(({ record, totals, accounting }) => emissionsOf(record, totals, accounting));
  const pue = meanOf(parts, ({ record }) => record.factor.pue);
  const grams = told.reduce((sum, { gramsCO2e }) => sum + (gramsCO2e ?? 0), 0);
  const years = distinct(told.map(({ intensityYear }) => intensityYear));
  return {
    intensityGramsCO2ePerKwh: grams / kwhFromJoules(joules) / pue,
    intensitySource: distinct(told.map(({ intensitySource }) => intensitySource)).join('; '),
    intensityYear: years.length === 1 ? (years[0] ?? null) : null,
    // Of several places none: no table has a figure for such a code, so that the mean stays when runs are worked out anew.
    region: distinct(told.map(({ region }) => region)).join('+'),
    regionName: distinct(told.map(({ regionName }) => regionName)).join(', '),
    pue,
  };
}

function meanPrice(parts: readonly AccountedPart[], joules: number): Price | null {
  const price = parts[0]?.record.price ?? null;
  if (price === null) return null;
  const amount = sumOf(parts, ({ record, totals, accounting }) => costOf(record, totals, accounting)?.amount ?? 0);
  return { currency: price.currency, pricePerKwh: amount / kwhFromJoules(joules) };
}

function meanAccounts(parts: readonly AccountedPart[]): RunAccounts {
  const markets = parts.flatMap(({ record }) => record.accounts.market ?? []);
  const pue = meanOf(parts, ({ record }) => record.factor.pue);
  return {
    series: null,
    tariff: null,
    embodied: parts[0]?.record.accounts.embodied ?? [],
    waterLitersPerKwh:
      parts[0]?.record.accounts.waterLitersPerKwh == null
        ? null
        : meanOf(parts, ({ record }) => record.accounts.waterLitersPerKwh ?? 0),
    market:
      markets.length === 0
        ? null
        : {
            intensityGramsCO2ePerKwh:
              meanOf(
                parts,
                ({ record }) => (record.accounts.market?.intensityGramsCO2ePerKwh ?? 0) * record.factor.pue,
              ) / pue,
            source: distinct(markets.map(({ source }) => source)).join('; '),
          },
  };
}

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

/** What is told of both runs, or of none, has a sum. */
const toldOfBoth = [
  { what: 'a price', isTold: ({ price }) => price !== null },
  { what: "a contract's own factor", isTold: ({ accounts }) => accounts.market !== null },
  { what: 'a water usage effectiveness', isTold: ({ accounts }) => accounts.waterLitersPerKwh !== null },
] as const satisfies readonly { what: string; isTold: (account: Account) => boolean }[];

function assertAddable(a: AccountedPart, b: AccountedPart): void {
  const refuse = (why: string): never => {
    throw new WattrunError(
      'runs/not-mergeable',
      why,
      `Judge both by the present settings first: wattrun recompute ${a.record.id} ${b.record.id} --settings`,
    );
  };
  for (const { what, isTold } of toldOfBoth) {
    if (isTold(a.record) === isTold(b.record)) continue;
    const [having, lacking] = isTold(a.record) ? [a, b] : [b, a];
    refuse(`${having.record.name} has ${what} and ${lacking.record.name} has none: there is no sum of both.`);
  }
  const [from, to] = [a.record.price?.currency, b.record.price?.currency];
  if (from !== to)
    refuse(`${a.record.name} is priced in ${from} and ${b.record.name} in ${to}: there is no sum of both.`);
  if (!isDeepStrictEqual(a.record.accounts.embodied, b.record.accounts.embodied))
    refuse(`${a.record.name} and ${b.record.name} have different embodied emissions: there is no sum of both.`);
}
