import { formatNumber, threeDigitDecimals } from '../../shared/format/number-text.ts';
import type { RunReport } from '../../shared/model/run.ts';

type Mark = RunReport['marks'][number];
type Words = (key: string, values?: Readonly<Record<string, string>>) => string;

interface Wording {
  readonly t: Words;
  readonly locale: string;
}

/** 'epoch 3', 'epoch warm-up', 'checkpoint best 0.912': what was marked, with the value that it was given. */
export function markWords(mark: Pick<Mark, 'kind' | 'label' | 'value'>, { t, locale }: Wording): string {
  const { kind, label, value } = mark;
  const decimals = Number.isInteger(value) ? 0 : Math.max(0, threeDigitDecimals(value ?? 0));
  const number = value === null ? '' : formatNumber(value, decimals, locale);
  if (kind !== 'epoch') return [kind, label, number].filter(Boolean).join(' ');
  const counted = /^(?:epoch\s*)?(\d*)$/i.exec(label);
  if (counted === null) return t('mark.epochNamed', { label: [label, number].filter(Boolean).join(' ') });
  return t('live.epoch', { epoch: number || (counted[1] ?? '') });
}

/** The mark with the run's amounts from its beginning to the mark, where they are known: not what lies between two marks. */
export function markLine(
  mark: Pick<Mark, 'kind' | 'label' | 'value'>,
  amounts: readonly (string | null)[],
  wording: Wording,
): string {
  const comma = wording.t('app:comma');
  const known = amounts.filter((amount) => amount !== null).join(comma);
  const soFar = known === '' ? [] : [wording.t('mark.soFar', { amounts: known })];
  return [markWords(mark, wording), ...soFar].join(comma);
}
