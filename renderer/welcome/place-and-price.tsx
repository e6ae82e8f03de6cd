import { useMemo } from 'react';
import { formatNumber } from '../../shared/format/number-text.ts';
import type { Region } from '../../shared/model/carbon.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { useRequest } from '../connection/use-request.ts';
import { Select } from '../design/select.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { NumberSetting } from '../settings/number-setting.tsx';
import { currencyChoices } from '../settings/price-section.tsx';
import { RegionPicker } from '../settings/region-picker.tsx';
import type { SettingsSaver } from '../settings/use-save-settings.ts';
import { useWelcomeWords } from './use-welcome-words.ts';

interface PlaceAndPriceProps {
  readonly settings: Settings;
  readonly save: SettingsSaver['save'];
  readonly errorCode: string | null;
}

const noRegions: readonly Region[] = [];

/** Region, price and building: asked, never guessed, and each may stay as it is. */
export function PlaceAndPrice({ settings, save, errorCode }: PlaceAndPriceProps) {
  const { t } = useWelcomeWords();
  const locale = useLocale();
  const regions = useRequest('carbon.regions', {}).data?.regions ?? noRegions;
  const currencies = useMemo(() => currencyChoices(locale, settings.currency), [locale, settings.currency]);
  const region = regions.find(({ code }) => code === settings.region);
  const isWorld = settings.region === 'WORLD';
  const intensity = region === undefined ? null : formatNumber(region.intensityGramsCO2ePerKwh, 0, locale);
  return (
    <section aria-labelledby="wc-place">
      <h2 id="wc-place">
        <span className="wc-no">2</span>
        {t('place.title')}
      </h2>
      <div className="wc-row">
        <span className="wc-label">{t('place.region')}</span>
        <RegionPicker
          regions={regions}
          code={settings.region}
          onPick={(code) => save({ region: code })}
          {...(isWorld ? { placeholder: t('place.choose') } : {})}
        />
        {intensity !== null && (
          <span className="q">{t(isWorld ? 'place.until' : 'place.intensity', { intensity })}</span>
        )}
      </div>
      <div className="wc-row">
        <span className="wc-label">{t('place.price')}</span>
        <NumberSetting
          label={t('place.price')}
          value={settings.pricePerKwh}
          min={0}
          max={1000}
          width={88}
          mayBeEmpty
          placeholder={formatNumber(0, 2, locale)}
          onSave={(pricePerKwh) => save({ pricePerKwh })}
        />
        <Select
          label={t('place.currency')}
          className="wc-currency"
          choices={currencies}
          value={settings.currency}
          onChange={(currency) => save({ currency })}
        />
        <span className="q">{t('place.perKwh')}</span>
      </div>
      <div className="wc-row">
        <span className="wc-label">{t('place.building')}</span>
        <NumberSetting
          label={t('place.pue')}
          value={settings.pue}
          min={1}
          max={5}
          width={88}
          unit="PUE"
          onSave={(pue) => pue !== null && save({ pue })}
        />
        <span className="q">{t('place.pueHint')}</span>
      </div>
      {errorCode === null ? (
        <p className="q">{t('place.local')}</p>
      ) : (
        <p className="crit" role="alert">
          {t('place.notSaved', { code: errorCode })}
        </p>
      )}
    </section>
  );
}
