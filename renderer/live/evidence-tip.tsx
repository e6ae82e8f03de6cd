import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatJoules } from '../../shared/format/energy.ts';
import { formatNumber } from '../../shared/format/number-text.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { formatCoverage } from '../../shared/format/ratio.ts';
import { percentFromRatio } from '../../shared/units.ts';
import { EvidenceMark, type EvidencePart } from '../design/evidence.tsx';
import { GapSwatch } from '../design/key-swatch.tsx';
import { TipRow } from '../design/tip.tsx';
import { useLocale } from '../i18n/use-locale.ts';

interface EvidenceTipProps {
  readonly title: string;
  readonly bounds?: string;
  readonly parts: readonly EvidencePart[];
  readonly coverage?: number;
  readonly joules?: number;
}

/** What stands behind a number: its bounds, the kinds of evidence, the time not covered, the joules. */
export function EvidenceTip({ title, bounds, parts, coverage, joules }: EvidenceTipProps): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <>
      <TipRow end={bounds}>
        <b>{title}</b>
      </TipRow>
      {parts
        .filter((part) => part.ratio > 0)
        .map((part) => (
          <TipRow key={part.provenance}>
            <EvidenceMark provenance={part.provenance} />
            {`${formatNumber(percentFromRatio(part.ratio), 0, locale)} % ${t(`evidence.long.${part.provenance}`)}`}
          </TipRow>
        ))}
      {coverage !== undefined && coverage < 1 && (
        <TipRow>
          <GapSwatch />
          {t('live.figures.notCovered', { coverage: formatCoverage(coverage, { locale }) })}
        </TipRow>
      )}
      {joules !== undefined && (
        <TipRow>
          <span className="q">{t('live.figures.joules', { joules: valueText(formatJoules(joules, { locale })) })}</span>
        </TipRow>
      )}
    </>
  );
}
