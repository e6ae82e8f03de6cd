import { WattrunError } from '../../shared/contract/errors.ts';
import { type MarkColumns, type MarkInput, mostMarksAtOnce } from '../../shared/model/progress.ts';

/** What one request says: a single mark, marks, marks in columns, or both of these. */
interface MarksTold extends Omit<MarkInput, 'kind' | 'label'> {
  readonly kind?: string | undefined;
  readonly label?: string | undefined;
  readonly marks?: readonly MarkInput[] | null | undefined;
  readonly columns?: readonly MarkColumns[] | null | undefined;
}

/** The marks of a request, those in columns first. Throws 'contract/invalid' where there are none, or more than are taken at once. */
export function marksTold({ marks, columns, kind, label = '', ...one }: MarksTold): readonly MarkInput[] {
  if (marks == null && columns == null) {
    if (kind === undefined) throw new WattrunError('contract/invalid', 'A mark has a kind, or there are marks.');
    return [{ ...one, kind, label }];
  }
  const all = [...(columns ?? []).flatMap(marksOfColumns), ...(marks ?? [])];
  if (all.length > mostMarksAtOnce)
    throw new WattrunError(
      'contract/invalid',
      `${all.length} marks are more than ${mostMarksAtOnce}, the most at once.`,
    );
  return all;
}

function marksOfColumns({ idPrefix, firstId, atMs, step, epoch, kinds }: MarkColumns): readonly MarkInput[] {
  return atMs.flatMap((at, i) =>
    kinds.map(({ kind, values }, k) => ({
      kind,
      label: '',
      value: values[i],
      atMs: at,
      id: `${idPrefix}-${firstId + i * kinds.length + k}`,
      step: step?.[i],
      epoch: epoch?.[i],
    })),
  );
}
