import type { ReactNode } from 'react';
import {
  type BoundedEnergy,
  formatEnergyRange,
  formatEnergyWithBounds,
  formatJoules,
} from '../../shared/format/energy.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { formatCoverage, formatShare, percentText } from '../../shared/format/ratio.ts';
import type { Provenance } from '../../shared/model/domain.ts';
import type { RunDomain } from '../../shared/model/run.ts';
import { EvidenceMark } from '../design/evidence.tsx';
import { GapSwatch } from '../design/key-swatch.tsx';
import { Tip, TipRow } from '../design/tip.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { gainText } from './run-fact-texts.ts';

interface EnergyTipProps {
  readonly energy: BoundedEnergy;
  readonly evidence: readonly { readonly provenance: Provenance; readonly ratio: number; readonly sources: string }[];
  readonly coverage: number;
  /** Of a single sensor, in no bounds. */
  readonly gain?: RunDomain['gain'];
  /** What it cost; null or absent: no price. */
  readonly cost?: string | null;
  readonly children: ReactNode;
}

/** What stands behind an energy: bounds, evidence and its sources, time not covered, the value in joules. */
export function EnergyTip({ energy, evidence, coverage, gain, cost = null, children }: EnergyTipProps) {
  const { t } = useWords();
  const locale = useLocale();
  const range = formatEnergyRange(energy, { locale });
  const content = (
    <>
      <TipRow end={range}>
        <b>{valueText(formatEnergyWithBounds(energy, { locale }))}</b>
      </TipRow>
      {evidence.map((part) => (
        <TipRow key={part.provenance}>
          <EvidenceMark provenance={part.provenance} />
          {percentText(formatShare(part.ratio, { locale }))} {part.sources}
        </TipRow>
      ))}
      {range !== null && <p className="q">{t('run.tip.holds')}</p>}
      {gain !== undefined && gain !== null && (
        <p className="q">
          {t('run.tip.gain', { range: gainText(gain, (key, values) => t(key, { ...values }), locale) })}
        </p>
      )}
      {coverage < 1 && (
        <TipRow>
          <GapSwatch /> {t('run.tip.notCovered', { coverage: formatCoverage(coverage, { locale }) })}
        </TipRow>
      )}
      <TipRow end={cost}>= {valueText(formatJoules(energy.joules, { locale }))}</TipRow>
    </>
  );
  return <Tip content={content}>{children}</Tip>;
}
