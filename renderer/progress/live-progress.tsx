import type { ReactNode } from 'react';
import { formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatNumber, threeDigitDecimals } from '../../shared/format/number-text.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { LiveProgress } from '../../shared/model/progress.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useProgressWords } from './use-progress-words.ts';

/** How far a running run is, and what one step of it takes lately: one line. */
export function LiveProgressLine({ progress }: { readonly progress: LiveProgress | null }): ReactNode {
  const { t } = useProgressWords();
  const locale = useLocale();
  if (progress === null) return null;
  const { step, epoch, loss, joulesPerStep, joulesPerToken } = progress;
  const number = (value: number): string =>
    formatNumber(value, Number.isInteger(value) ? 0 : Math.max(0, threeDigitDecimals(value)), locale);
  const energy = (joules: number): string =>
    valueText(formatEnergyWithBounds({ joules, lowJoules: null, highJoules: null }, { locale }));
  const parts = [
    epoch === null ? null : t('live.epoch', { epoch: number(Math.floor(epoch)) }),
    step === null ? null : t('live.step', { step: number(step) }),
    loss === null ? null : `loss ${number(loss)}`,
    joulesPerStep === null ? null : t('live.perStep', { energy: energy(joulesPerStep) }),
    joulesPerToken === null || joulesPerStep !== null ? null : t('live.perToken', { energy: energy(joulesPerToken) }),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : <div className="q cut t11">{parts.join(' · ')}</div>;
}
