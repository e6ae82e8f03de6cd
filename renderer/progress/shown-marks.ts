import type { RunReport } from '../../shared/model/run.ts';

type Mark = RunReport['marks'][number];

/** Of more epochs than this a chart shows none: they would be a curtain. */
const mostEpochs = 40;
const counted = new Set(['step', 'samples', 'tokens', 'window-begin', 'window-end']);

/** Marks that stand for themselves: notes, and the ends of epochs while these are few. What is counted or measured by the hundred has its own places. */
export function shownMarks(marks: readonly Mark[]): readonly Mark[] {
  const isNote = (mark: Mark): boolean =>
    !counted.has(mark.kind) &&
    mark.kind !== 'epoch' &&
    !(mark.source !== 'api' && mark.value !== null) &&
    mark.step === null;
  const epochs = marks.filter((mark) => mark.kind === 'epoch' && mark.value !== 0 && Number.isInteger(mark.value ?? 1));
  const shown = new Set(epochs.length > mostEpochs ? [] : epochs);
  return marks.filter((mark) => shown.has(mark) || isNote(mark));
}

/** What an epoch's mark is called that has no label: its number. */
export const markName = ({ kind, label, value }: Mark): string =>
  label === '' && kind === 'epoch' ? String(value ?? '') : label;
