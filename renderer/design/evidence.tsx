import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Provenance } from '../../shared/model/domain.ts';
import { percentFromRatio } from '../../shared/units.ts';
import { Sign } from './sign.tsx';

/** Square = where a number comes from; the fuller, the firmer. Nothing for null: no number, no evidence. */
export function EvidenceMark({ provenance }: { readonly provenance: Provenance | null }): ReactNode {
  const { t } = useTranslation();
  if (provenance === null) return null;
  return <Sign name={provenance} className="pv" label={t(`evidence.long.${provenance}`)} />;
}

export interface EvidencePart {
  readonly provenance: Provenance;
  readonly ratio: number;
}

/** The same four fills by share of energy. Draws nothing where nothing was measured. */
export function EvidenceBar({ parts, width }: { readonly parts: readonly EvidencePart[]; readonly width?: number }) {
  const { t } = useTranslation();
  const shown = parts.filter((part) => part.ratio > 0);
  if (shown.length === 0) return null;
  const words = shown
    .map((part) => `${shareText(part.ratio)} % ${t(`evidence.long.${part.provenance}`)}`)
    .join(t('comma'));
  return (
    <span className="ev" role="img" aria-label={words} style={width === undefined ? undefined : { width }}>
      {shown.map((part) => (
        <i key={part.provenance} className={part.provenance} style={{ width: `${percentFromRatio(part.ratio)}%` }} />
      ))}
    </span>
  );
}

/** '94 % counter · 3 % sensor · 3 % model'; the parts after the first go where room is short. */
export function EvidenceWords({ parts }: { readonly parts: readonly EvidencePart[] }): ReactNode {
  const { t } = useTranslation();
  const shown = parts.filter((part) => part.ratio >= 0.005).toSorted((a, b) => b.ratio - a.ratio);
  return shown.map((part, index) => (
    <span key={part.provenance} className={index === 0 ? undefined : 'hide-n'}>
      {index === 0 ? '' : ' · '}
      {`${shareText(part.ratio)} % ${t(`evidence.short.${part.provenance}`)}`}
    </span>
  ));
}

function shareText(ratio: number): string {
  return percentFromRatio(ratio).toFixed(0);
}
