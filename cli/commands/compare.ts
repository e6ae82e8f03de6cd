import { reportFromStore, resolveRunId } from '../../engine/reports/record-reports.ts';
import type { RunReport } from '../../shared/model/run.ts';
import { comparedRuns } from '../../shared/model/run-comparison.ts';
import { comparisonJson, comparisonText } from '../comparison-text.ts';
import type { CliContext } from '../context.ts';
import { print } from '../print.ts';
import { withStore } from '../record.ts';
import { UsageError } from '../usage-error.ts';

/** Runs by id, beginning of one, name or 'last', each once; the first is what the others are held against. */
export function compareCommand(context: CliContext, words: readonly string[], isJson: boolean): number {
  const reports = withStore(context, (store): readonly RunReport[] => {
    const ids = [...new Set(words.map((word) => resolveRunId(store, word)))];
    if (ids.length < comparedRuns.least)
      throw new UsageError(
        words.length < comparedRuns.least ? 'Say which runs to compare, two or more.' : 'These are all the same run.',
        'List them with: wattrun runs',
      );
    if (ids.length > comparedRuns.most)
      throw new UsageError(`${ids.length} runs are too many to compare: ${comparedRuns.most} at most.`);
    return ids.map((id) => reportFromStore(store, id));
  });
  return print(context, isJson, comparisonJson(reports), () => comparisonText(reports));
}
