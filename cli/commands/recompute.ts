import type { RecomputeResult } from '../../shared/model/carbon.ts';
import type { CliContext } from '../context.ts';
import { runIdsOf, withEngine } from '../record.ts';
import { gramsText, tableText } from '../text.ts';
import { UsageError } from '../usage-error.ts';

export interface RecomputeOptions {
  readonly runs: readonly string[];
  readonly isAll: boolean;
  readonly region: string | undefined;
  readonly isBySettings: boolean;
  readonly isDry: boolean;
  readonly isJson: boolean;
}

/** Works out grams and money anew and says what changed; joules stay as they are. */
export async function recomputeCommand(context: CliContext, options: RecomputeOptions): Promise<number> {
  if (!options.isAll && options.runs.length === 0)
    throw new UsageError('Say which runs to recompute, or --all.', 'wattrun recompute --all --dry-run');
  const runIds = options.isAll ? null : [...runIdsOf(context, options.runs)];
  const { region, isBySettings, isDry } = options;
  const result = await withEngine(context, (client) =>
    client.request(
      'carbon.recompute',
      { runIds, isBySettings, isDry, region: region ?? null },
      { timeoutMs: recomputeTimeoutMs },
    ),
  );
  if (options.isJson) {
    context.out(`${JSON.stringify({ schemaVersion: 1, isDry, ...result }, null, 2)}\n`);
    return 0;
  }
  if (result.changes.length > 0) context.show(tableText([head, ...result.changes.map(changeRow)], [2, 3, 4, 5]));
  const count = result.changes.length;
  context.say(
    `${count} ${count === 1 ? 'run' : 'runs'} ${isDry ? 'would change' : 'changed'}, ${result.unchanged} did not.`,
  );
  return 0;
}

const recomputeTimeoutMs = 600_000;
const head = ['ID', 'Name', 'Was', 'Is', 'Was g/kWh', 'Is g/kWh', 'Cost'];

type Figures = RecomputeResult['changes'][number]['before'];
const moneyText = ({ amount, currency }: Figures): string =>
  amount === null ? '–' : `${amount.toFixed(4)} ${currency}`;

function changeRow({ runId, name, before, after }: RecomputeResult['changes'][number]): string[] {
  const [was, is] = [moneyText(before), moneyText(after)];
  return [
    runId,
    name,
    gramsText(before.gramsCO2e),
    gramsText(after.gramsCO2e),
    `${before.intensityGramsCO2ePerKwh.toFixed(1)} (${before.regionName})`,
    `${after.intensityGramsCO2ePerKwh.toFixed(1)} (${after.regionName})`,
    was === is ? is : `${was} → ${is}`,
  ];
}
