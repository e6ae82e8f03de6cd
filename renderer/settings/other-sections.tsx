import { formatMemory } from '../../shared/format/memory.ts';
import { formatMoment } from '../../shared/format/moment.ts';
import { valueText } from '../../shared/format/quantity.ts';
import { languages, type Settings } from '../../shared/model/settings.ts';
import { useNow } from '../app/use-now.ts';
import { useEngine, useHost, useLive } from '../connection/connection-context.tsx';
import { Button } from '../design/button.tsx';
import { CopyButton } from '../design/command-line.tsx';
import { Segmented } from '../design/segmented.tsx';
import { Switch } from '../design/switch.tsx';
import { useLocale } from '../i18n/use-locale.ts';
import { useWords } from '../i18n/use-words.ts';
import { WelcomeAgainRow } from '../welcome/welcome-again-row.tsx';
import { NumberSetting } from './number-setting.tsx';
import type { SectionProps } from './section-props.ts';
import { SettingRow } from './setting-row.tsx';

const themes = ['system', 'light', 'dark', 'contrast'] as const satisfies readonly Settings['theme'][];

export function MeasuringSection({ settings, save }: SectionProps) {
  const { t } = useWords();
  return (
    <>
      <SettingRow label={t('settings.period.label')} hint={t('settings.period.hint')}>
        <NumberSetting
          label={t('settings.period.label')}
          value={settings.samplePeriodSeconds}
          min={0.1}
          max={60}
          width={80}
          unit="s"
          onSave={(value) => value !== null && save({ samplePeriodSeconds: value })}
        />
      </SettingRow>
      <SettingRow label={t('settings.platform.label')} hint={t('settings.platform.hint')}>
        <Switch
          label={t('settings.platform.switch')}
          isOn={settings.isReadingPlatform}
          onChange={(isReadingPlatform) => save({ isReadingPlatform })}
        />
        <span className="q">{t('settings.platform.switch')}</span>
      </SettingRow>
    </>
  );
}

export function AppearanceSection({ settings, save }: SectionProps) {
  const { t } = useWords();
  return (
    <>
      <SettingRow label={t('settings.theme.label')}>
        <Segmented
          size="small"
          label={t('settings.theme.label')}
          choices={themes.map((theme) => ({ value: theme, label: t(`settings.theme.${theme}`) }))}
          value={settings.theme}
          onChange={(theme) => save({ theme })}
        />
      </SettingRow>
      <SettingRow label={t('settings.language.label')} hint={t('settings.language.hint')}>
        <Segmented
          size="small"
          label={t('settings.language.label')}
          choices={(['system', ...languages] as const).map((language) => ({
            value: language,
            label: t(`settings.language.${language}`),
          }))}
          value={settings.language}
          onChange={(language) => save({ language })}
        />
      </SettingRow>
    </>
  );
}

export function NotificationsSection({ settings, save }: SectionProps) {
  const { t } = useWords();
  return (
    <SettingRow label={t('settings.notify.label')}>
      <Switch
        label={t('settings.notify.switch')}
        isOn={settings.isNotifying}
        onChange={(isNotifying) => save({ isNotifying })}
      />
      <span className="q">{settings.isNotifying ? t('settings.notify.on') : t('settings.notify.off')}</span>
    </SettingRow>
  );
}

export function DataSection() {
  const { t } = useWords();
  const locale = useLocale();
  const host = useHost();
  const { description } = useEngine();
  const sizeBytes = useLive()?.storage.sizeBytes ?? null;
  if (description === null) return null;
  if (description.isSimulated)
    return (
      <SettingRow label={t('settings.data.folder')}>
        <span className="q">{t('settings.data.simulated')}</span>
      </SettingRow>
    );
  return (
    <>
      <SettingRow label={t('settings.data.folder')} hint={t('settings.data.hint')}>
        <code className="mono path" title={description.dataDirectory}>
          {description.dataDirectory}
        </code>
        <CopyButton text={description.dataDirectory} look="ghost" icon="copy" />
        {host !== null && (
          <Button size="small" onClick={() => void host.request('host.showDataDirectory', {}).catch(() => undefined)}>
            {t('settings.data.show')}
          </Button>
        )}
      </SettingRow>
      {sizeBytes !== null && (
        <SettingRow label={t('settings.data.size')}>
          <span>{valueText(formatMemory(sizeBytes, { locale }))}</span>
        </SettingRow>
      )}
    </>
  );
}

export function AboutSection() {
  const { t } = useWords();
  const locale = useLocale();
  const nowMs = useNow();
  const { description } = useEngine();
  if (description === null) return null;
  const rows = [
    ['version', description.version],
    ['pid', String(description.pid)],
    ['started', formatMoment(description.startedAtMs, { locale, nowMs })],
    ['machine', description.machine],
    ['hardware', description.hardware],
  ] as const;
  return (
    <>
      {rows.map(([key, value]) => (
        <SettingRow key={key} label={t(`settings.about.${key}`)}>
          <span className="value">{value}</span>
        </SettingRow>
      ))}
      {!description.isSimulated && <WelcomeAgainRow />}
    </>
  );
}
