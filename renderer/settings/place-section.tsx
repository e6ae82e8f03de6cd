import { formatNumber } from '../../shared/format/number-text.ts';
import type { Region } from '../../shared/model/carbon.ts';
import { BesideRows } from '../carbon/beside-rows.tsx';
import { GridRows } from '../carbon/grid-rows.tsx';
import { useCarbonWords } from '../carbon/use-carbon-words.ts';
import { Select } from '../design/select.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { NumberSetting } from './number-setting.tsx';
import { RegionPicker } from './region-picker.tsx';
import type { SectionProps } from './section-props.ts';
import { SettingRow } from './setting-row.tsx';
import { intensityOf } from './settings-effect.ts';

interface PlaceSectionProps extends SectionProps {
  readonly regions: readonly Region[];
}

/** Where the electricity comes from, and so what a kWh emits. */
export function PlaceSection({ settings, save, regions }: PlaceSectionProps) {
  const { t } = useWords();
  const { t: say } = useCarbonWords();
  const locale = useLocale();
  const region = regions.find((other) => other.code === settings.region);
  const intensity = intensityOf(settings, regions);
  const isCustom = settings.customIntensityGramsCO2ePerKwh !== null;
  const number = (value: number): string =>
    formatNumber(value, value >= 100 || Number.isInteger(value) ? 0 : 1, locale);
  const figure = region?.figures.find(({ year }) => year === settings.regionYear) ?? region?.figures[0];
  const aboutFigure = (): string => {
    if (region === undefined || figure === undefined) return '';
    const { year, source, method, licence, note } = figure;
    return [
      year === null ? t('settings.region.source', { source }) : t('settings.region.sourceYear', { source, year }),
      say('region.about', { kind: say(`region.kind.${region.kind}`), method: say(`region.method.${method}`), licence }),
      note === null ? '' : say('region.note', { note }),
    ].join(' ');
  };
  return (
    <>
      <SettingRow label={t('settings.region.label')} hint={`${aboutFigure()} ${t('settings.region.never')}`}>
        <RegionPicker
          regions={regions}
          code={settings.region}
          onPick={(code) => save({ region: code, regionYear: null })}
        />
        {region !== undefined && region.figures.length > 1 && (
          <YearChoice region={region} year={settings.regionYear} onPick={(regionYear) => save({ regionYear })} />
        )}
        {figure !== undefined && (
          <span className={isCustom ? 'q' : 's'}>
            <b>{number(figure.intensityGramsCO2ePerKwh)}</b> g CO₂e/kWh
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
      <GridRows settings={settings} save={save} />
      <BesideRows settings={settings} save={save} />
    </>
  );
}

interface YearChoiceProps {
  readonly region: Region;
  readonly year: number | null;
  readonly onPick: (year: number | null) => void;
}

function YearChoice({ region, year, onPick }: YearChoiceProps) {
  const { t } = useCarbonWords();
  const newest = region.figures[0]?.year ?? null;
  const years = region.figures.flatMap((figure) =>
    figure.year === null || figure.year === newest ? [] : [figure.year],
  );
  return (
    <Select
      label={t('region.year')}
      className="region-year"
      choices={[
        { value: 'newest', label: newest === null ? t('region.newestUndated') : t('region.newest', { year: newest }) },
        ...years.map((one) => ({ value: String(one), label: String(one) })),
      ]}
      value={year === null ? 'newest' : String(year)}
      onChange={(value) => onPick(value === 'newest' ? null : Number(value))}
    />
  );
}
