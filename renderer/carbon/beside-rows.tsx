import type { EmbodiedItem } from '../../shared/model/carbon.ts';
import { Button } from '../design/button.tsx';
import { NumberSetting } from '../settings/number-setting.tsx';
import type { SectionProps } from '../settings/section-props.ts';
import { SettingRow } from '../settings/setting-row.tsx';
import { TextSetting } from '../settings/text-setting.tsx';
import { useCarbonWords } from './use-carbon-words.ts';
import { replacedAt, useKeptDraft, without } from './use-kept-draft.ts';
import './carbon.css';

const nothingWrong = (): null => null;

/** What stands beside the region's emissions: a contract's factor, what is embodied, water. All off until entered. */
export function BesideRows({ settings, save }: SectionProps) {
  const { t } = useCarbonWords();
  return (
    <>
      <SettingRow label={t('market.label')} hint={t('market.hint')}>
        <NumberSetting
          label={t('market.factor')}
          value={settings.marketIntensityGramsCO2ePerKwh}
          min={0}
          max={5000}
          width={152}
          unit="g CO₂e/kWh"
          mayBeEmpty
          placeholder={t('market.placeholder')}
          onSave={(value) => save({ marketIntensityGramsCO2ePerKwh: value })}
        />
        {settings.marketIntensityGramsCO2ePerKwh !== null && (
          <TextSetting
            label={t('market.source')}
            value={settings.marketSource}
            placeholder={t('market.sourcePlaceholder')}
            maxLength={200}
            width={200}
            errorOf={nothingWrong}
            onSave={(value) => save({ marketSource: value ?? '' })}
          />
        )}
      </SettingRow>
      <EmbodiedRow items={settings.embodied} onChange={(embodied) => save({ embodied: [...embodied] })} />
      <SettingRow label={t('water.label')} hint={t('water.hint')}>
        <NumberSetting
          label={t('water.label')}
          value={settings.waterLitersPerKwh}
          min={0}
          max={100}
          width={112}
          unit="L/kWh"
          mayBeEmpty
          placeholder={t('water.placeholder')}
          onSave={(value) => save({ waterLitersPerKwh: value })}
        />
      </SettingRow>
    </>
  );
}

const mostItems = 16;
const alwaysWhole = (): boolean => true;
const newItem: EmbodiedItem = { name: '', kilogramsCO2e: 0, serviceLifeYears: 4 };

interface EmbodiedRowProps {
  readonly items: readonly EmbodiedItem[];
  readonly onChange: (items: readonly EmbodiedItem[]) => void;
}

function EmbodiedRow({ items: stored, onChange }: EmbodiedRowProps) {
  const { t } = useCarbonWords();
  const { shown: items, change } = useKeptDraft(stored, alwaysWhole, onChange);
  const set = (index: number, part: Partial<EmbodiedItem>): void =>
    change((before) => replacedAt(before, index, (item) => ({ ...item, ...part })));
  return (
    <SettingRow label={t('embodied.label')} hint={t('embodied.hint')}>
      {items.length > 0 && (
        <ul className="rows" aria-label={t('embodied.label')}>
          {items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an item is what stands in its place
            <li key={index}>
              <TextSetting
                label={t('embodied.name')}
                value={item.name === '' ? null : item.name}
                placeholder={t('embodied.namePlaceholder')}
                maxLength={80}
                width={136}
                errorOf={nothingWrong}
                onSave={(name) => set(index, { name: name ?? '' })}
              />
              <NumberSetting
                label={t('embodied.kilograms')}
                value={item.kilogramsCO2e}
                min={0}
                max={1_000_000}
                width={120}
                unit="kg CO₂e"
                onSave={(value) => value !== null && set(index, { kilogramsCO2e: value })}
              />
              <NumberSetting
                label={t('embodied.years')}
                value={item.serviceLifeYears}
                min={0.1}
                max={50}
                width={88}
                unit={t('embodied.yearsUnit')}
                onSave={(value) => value !== null && set(index, { serviceLifeYears: value })}
              />
              <Button
                look="ghost"
                size="small"
                icon="trash"
                aria-label={t('embodied.remove', { name: item.name === '' ? t('embodied.name') : item.name })}
                onClick={() => change((before) => without(before, index))}
              />
            </li>
          ))}
        </ul>
      )}
      <Button
        size="small"
        icon="plus"
        disabled={items.length >= mostItems}
        onClick={() => change((before) => [...before, newItem])}
      >
        {t('embodied.add')}
      </Button>
    </SettingRow>
  );
}
