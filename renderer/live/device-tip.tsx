import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatPower, formatPowerWithBounds } from '../../shared/format/power.ts';
import { quantityText, valueText } from '../../shared/format/quantity.ts';
import { differenceText, formatShare, percentText } from '../../shared/format/ratio.ts';
import type { LiveDevice } from '../../shared/model/live.ts';
import { EvidenceMark } from '../design/evidence.tsx';
import { Sign } from '../design/sign.tsx';
import { TipRow } from '../design/tip.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { isHeldAgainstWill, throttleWords } from './device-facts.ts';

/** What stands behind a device's watts: bounds, evidence, its limit, the newest instant, its idle draw, and what holds it back. */
export function DeviceTip({ device }: { readonly device: LiveDevice }): ReactNode {
  const { t } = useTranslation();
  const locale = useLocale();
  const watts = (value: number): string => valueText(formatPower(value, { locale, style: 'device' }));
  const reasons = throttleWords(device.throttleReasons, (key) => t(key));
  const limitRatio =
    device.limitWatts === null || device.powerWatts === null ? null : device.powerWatts / device.limitWatts;
  return (
    <>
      <TipRow>
        <b>{quantityText(formatPowerWithBounds(device, { locale }))}</b>
      </TipRow>
      <TipRow>
        <EvidenceMark provenance={device.provenance} />
        {`${t(`evidence.long.${device.provenance}`)}, ${device.source}`}
      </TipRow>
      {device.limitWatts !== null && (
        <TipRow end={limitRatio === null ? undefined : percentText(formatShare(limitRatio, { locale }))}>
          {t('live.tip.limit', { power: watts(device.limitWatts) })}
        </TipRow>
      )}
      {device.instantWatts !== null && <TipRow end={watts(device.instantWatts)}>{t('live.tip.instant')}</TipRow>}
      {device.idleWatts !== null && <TipRow end={watts(device.idleWatts)}>{t('live.tip.idle')}</TipRow>}
      {reasons.length > 0 && (
        <TipRow>
          <Sign name="down-triangle" className={isHeldAgainstWill(device.throttleReasons) ? 'warn' : 'q'} />
          {t('live.tip.heldBack', { reasons: reasons.join(', ') })}
        </TipRow>
      )}
      {device.disagreementRatio !== null && (
        <TipRow>
          <span className="q">
            {disagreementWords(device.disagreementRatio, (key, values) => t(key, { ...values }), locale)}
          </span>
        </TipRow>
      )}
    </>
  );
}

export function disagreementWords(
  ratio: number,
  t: (key: string, values?: Readonly<Record<string, string>>) => string,
  locale: string,
): string {
  return t(ratio >= 0 ? 'live.tip.samplesMore' : 'live.tip.samplesLess', { share: differenceText(ratio, { locale }) });
}
