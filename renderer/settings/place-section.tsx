import { formatNumber } from '../../shared/format/number-text.ts';
import type { Region } from '../../shared/model/carbon.ts';
import type { Settings } from '../../shared/model/settings.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { NumberSetting } from './number-setting.tsx';
import { RegionPicker } from './region-picker.tsx';
import { SettingRow } from './setting-row.tsx';
import { intensityOf } from './settings-effect.ts';
import type { SettingsSaver } from './use-save-settings.ts';

export interface SectionProps {
  readonly settings: Settings;
  readonly save: SettingsSaver['save'];
}

interface PlaceSectionProps extends SectionProps {
  readonly regions: readonly Region[];
  readonly licence: string | null;
}

/** Where the electricity comes from, and so what a kWh emits. */
export function PlaceSection({ settings, save, regions, licence }: PlaceSectionProps) {
  const { t } = useWords();
  const locale = useLocale();
  const region = regions.find((other) => other.code === settings.region);
  const intensity = intensityOf(settings, regions);
  const isCustom = settings.customIntensityGramsCO2ePerKwh !== null;
  const number = (value: number): string =>
    formatNumber(value, value >= 100 || Number.isInteger(value) ? 0 : 1, locale);
  const sourceWords = ({ year, source }: Region): string =>
    year === null ? t('settings.region.source', { source }) : t('settings.region.sourceYear', { source, year });
  return (
    <>
      <SettingRow
        label={t('settings.region.label')}
        hint={
          region === undefined
            ? t('settings.region.never')
            : `${sourceWords(region)}${licence === null ? '' : ` ${licence.replace(/\.?$/, '.')}`} ${t('settings.region.never')}`
        }
      >
        <RegionPicker regions={regions} code={settings.region} onPick={(code) => save({ region: code })} />
        {region !== undefined && (
          <span className={isCustom ? 'q' : 's'}>
            <b>{number(region.intensityGramsCO2ePerKwh)}</b> g CO₂e/kWh
          </span>
        )}
      </SettingRow>
      <SettingRow label={t('settings.intensity.label')}>
        <fieldset className="opts" aria-label={t('settings.intensity.label')}>
          <label className="opt">
            <input
              type="radio"
              className="rb"
              name="intensity"
              checked={!isCustom}
              onChange={() => save({ customIntensityGramsCO2ePerKwh: null })}
            />
            <span>{t('settings.intensity.average')}</span>
            <span className="q cut">{t('settings.intensity.averageHint')}</span>
          </label>
          <label className="opt">
            <input
              type="radio"
              className="rb"
              name="intensity"
              checked={isCustom}
              onChange={() => save({ customIntensityGramsCO2ePerKwh: intensity ?? 0 })}
            />
            <span>{t('settings.intensity.own')}</span>
            {!isCustom && <span className="q cut">{t('settings.intensity.ownHint')}</span>}
          </label>
          {isCustom && (
            <div className="own">
              <NumberSetting
                label={t('settings.intensity.own')}
                value={settings.customIntensityGramsCO2ePerKwh}
                min={0}
                max={5000}
                width={152}
                unit="g CO₂e/kWh"
                onSave={(value) => save({ customIntensityGramsCO2ePerKwh: value })}
              />
            </div>
          )}
        </fieldset>
      </SettingRow>
      <SettingRow label={t('settings.pue.label')}>
        <NumberSetting
          label={t('settings.pue.label')}
          value={settings.pue}
          min={1}
          max={5}
          width={80}
          onSave={(value) => value !== null && save({ pue: value })}
        />
        <span className="q">{t('settings.pue.hint')}</span>
      </SettingRow>
    </>
  );
}
