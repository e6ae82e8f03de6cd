import { differenceTexts } from '../../shared/format/figure.ts';
import type { ComparedFigure } from '../../shared/model/run-comparison.ts';
import { type Difference, judgeDifference } from '../../shared/model/run-difference.ts';
import { percentFromRatio } from '../../shared/units.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { barOf } from './difference-bar.ts';

interface DifferenceCellsProps {
  readonly cell: ComparedFigure;
  readonly better: 'less' | 'more' | null;
  readonly text: string;
  readonly hasBars: boolean;
}

/** A run's value, how it stands to the reference, and that as a bar. */
export function DifferenceCells({ cell, better, text, hasBars }: DifferenceCellsProps) {
  const { difference } = cell;
  return (
    <>
      <td className={difference.kind === 'reference' ? 'n' : 'n b'}>
        {cell.value === null ? <span className="q">–</span> : text}
      </td>
      {difference.kind !== 'reference' && (
        <td className="n">
          <DifferenceText difference={difference} />
        </td>
      )}
      {difference.kind !== 'reference' && hasBars && (
        <td>
          <DifferenceBar difference={difference} better={better} />
        </td>
      )}
    </>
  );
}

function DifferenceText({ difference }: { readonly difference: Difference }) {
  const { t } = useWords();
  const locale = useLocale();
  switch (difference.kind) {
    case 'reference':
      return null;
    case 'equal':
      return <span className="q">{t('compare.difference.equal')}</span>;
    case 'within-bounds':
      return (
        <span className="q" title={t('compare.difference.withinWhy')}>
          {t('compare.difference.within')}
        </span>
      );
    case 'from-zero':
      return <b>{t('compare.difference.fromZero')}</b>;
    case 'unknown':
      return (
        <span className="q" title={t(`compare.difference.unknown.${difference.why}`)}>
          –
        </span>
      );
    case 'differs': {
      const texts = differenceTexts(difference, { locale });
      return (
        <>
          <b>{texts?.value}</b> {texts !== null && texts.band !== null && <span className="pm">{texts.band}</span>}
        </>
      );
    }
  }
}

const fills = { good: 'var(--ok)', bad: 'var(--crit)', neither: 'var(--none)' } as const;

function DifferenceBar({ difference, better }: Pick<DifferenceCellsProps, 'better'> & { difference: Difference }) {
  const bar = barOf(difference);
  if (bar === null) return null;
  const fill = fills[judgeDifference(difference, better) ?? 'neither'];
  const percent = (ratio: number): string => `${percentFromRatio(ratio)}%`;
  return (
    <span className="cp-bar" aria-hidden="true">
      <u />
      <i style={{ left: percent(bar.left), width: percent(bar.width), background: fill }} />
      {bar.whisker !== null && <b style={{ left: percent(bar.whisker.left), width: percent(bar.whisker.width) }} />}
    </span>
  );
}
