import type { ReactNode } from 'react';
import { formatDuration } from '../../shared/format/duration.ts';
import { formatEnergyWithBounds } from '../../shared/format/energy.ts';
import { formatNumber, threeDigitDecimals } from '../../shared/format/number-text.ts';
import { valueText } from '../../shared/format/quantity.ts';
import type { LiveProgress } from '../../shared/model/progress.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { countAgeSeconds } from './count-age.ts';
import { useProgressWords } from './use-progress-words.ts';

interface LiveProgressLineProps {
  readonly progress: LiveProgress | null;
  /** Of the reading that it is shown with. */
  readonly atMs: number;
}

/** How far a running run is, and what one step of it takes lately: one line, with its age where it was told a while ago. */
export function LiveProgressLine({ progress, atMs }: LiveProgressLineProps): ReactNode {
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
  if (parts.length === 0) return null;
  const counted = parts.join(' · ');
  const ageSeconds = countAgeSeconds(progress, atMs);
  const text =
    ageSeconds === null
      ? counted
      : t('live.asOf', { ago: formatDuration(ageSeconds, { locale, isWhole: true }), text: counted });
  return (
    <div className="q cut t11" title={text}>
      {text}
    </div>
  );
}
