import { useMemo } from 'react';
import { TariffRows } from '../carbon/tariff-rows.tsx';
import { Button } from '../design/button.tsx';
import { Select } from '../design/select.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { NumberSetting } from './number-setting.tsx';
import type { SectionProps } from './section-props.ts';
import { SettingRow } from './setting-row.tsx';

/** What a kWh costs; without a price no cost is shown anywhere. */
export function PriceSection({ settings, save }: SectionProps) {
  const { t } = useWords();
  const locale = useLocale();
  const currencies = useMemo(() => currencyChoices(locale, settings.currency), [locale, settings.currency]);
  return (
    <>
      <SettingRow
        label={t('settings.price.label')}
        {...(settings.pricePerKwh === null ? { hint: t('settings.price.none') } : {})}
      >
        <NumberSetting
          label={t('settings.price.label')}
          value={settings.pricePerKwh}
          min={0}
          max={1000}
          width={112}
          mayBeEmpty
          placeholder={t('settings.price.placeholder')}
          onSave={(value) => save({ pricePerKwh: value })}
        />
        {settings.pricePerKwh !== null && (
          <Button look="ghost" size="small" onClick={() => save({ pricePerKwh: null })}>
            {t('settings.price.remove')}
          </Button>
        )}
      </SettingRow>
      <SettingRow label={t('settings.price.currency')}>
        <Select
          label={t('settings.price.currency')}
          className="currency"
          choices={currencies}
          value={settings.currency}
          onChange={(currency) => save({ currency })}
        />
      </SettingRow>
      <TariffRows settings={settings} save={save} />
    </>
  );
}

/** Every currency the system knows, by code and name. */
export function currencyChoices(locale: string, chosen: string) {
  const names = new Intl.DisplayNames(locale, { type: 'currency' });
  const codes = new Set([...Intl.supportedValuesOf('currency'), chosen]);
  return [...codes].sort().map((code) => ({ value: code, label: `${code} – ${names.of(code) ?? code}` }));
}
