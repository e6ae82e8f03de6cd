import { useState } from 'react';
import type { GridProviderDescriptor, GridProviderId, GridStatus } from '../../shared/model/carbon.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { useRequest } from '../connection/use-request.ts';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { Select } from '../design/select.tsx';
import type { SectionProps } from '../settings/section-props.ts';
import { SettingRow } from '../settings/setting-row.tsx';
import { TextSetting } from '../settings/text-setting.tsx';
import { GridState } from './grid-state.tsx';
import { useCarbonWords } from './use-carbon-words.ts';
import './carbon.css';

const noProviders: readonly GridProviderDescriptor[] = [];
const nothingWrong = (): null => null;
const zonePattern = /^[A-Za-z0-9_-]{0,40}$/;

/** Whose readings of the grid are asked for: nobody's until one is chosen here. */
export function GridRows({ settings, save }: SectionProps) {
  const { t } = useCarbonWords();
  const providers = useRequest('carbon.providers', {}).data?.providers ?? noProviders;
  const status = useRequest('carbon.status', {}, { refreshOn: ['carbon.changed', 'settings.changed'] });
  const chosen = providers.find(({ id }) => id === settings.gridProvider);
  const choose = (value: GridProviderId | 'off'): void =>
    save({
      gridProvider: value === 'off' ? null : value,
      gridZone: value === 'gb-carbon-intensity' ? 'GB' : null,
    });
  const hint =
    chosen === undefined
      ? t('grid.hintOff')
      : chosen.needsFile
        ? t('grid.hintFile')
        : t('grid.hintOn', {
            host: hostOf(settings.gridUrl ?? chosen.defaultUrl),
            minutes: Math.round(chosen.periodSeconds / 60),
            terms: chosen.terms,
          });
  return (
    <SettingRow label={t('grid.label')} hint={hint}>
      <Select
        label={t('grid.label')}
        className="grid-provider"
        choices={[
          { value: 'off', label: t('grid.off') },
          ...providers.map(({ id, label }) => ({
            value: id,
            label: t(`grid.provider.${id}`, { defaultValue: label }),
          })),
        ]}
        value={settings.gridProvider ?? 'off'}
        onChange={choose}
      />
      {chosen !== undefined && chosen.zoneExample !== '' && (
        <TextSetting
          key={chosen.id}
          label={t('grid.zone')}
          value={settings.gridZone}
          placeholder={`${t('grid.zone')}: ${chosen.zoneExample}`}
          maxLength={40}
          width={176}
          errorOf={(text) => (zonePattern.test(text.trim()) ? null : t('grid.zoneWrong'))}
          onSave={(gridZone) => save({ gridZone })}
        />
      )}
      {chosen?.needsFile === true && (
        <TextSetting
          label={t('grid.file')}
          value={settings.gridCsvPath}
          placeholder={t('grid.filePlaceholder')}
          maxLength={1000}
          width={280}
          errorOf={nothingWrong}
          onSave={(gridCsvPath) => save({ gridCsvPath })}
        />
      )}
      {chosen?.needsToken === true && (
        <TokenField
          key={chosen.id}
          provider={chosen.id}
          hasToken={status.data?.hasToken === true}
          onChanged={status.retry}
        />
      )}
      {chosen !== undefined && status.data !== null && <AskNow status={status.data} onAsked={status.retry} />}
    </SettingRow>
  );
}

function hostOf(url: string | null): string {
  try {
    return url === null ? '' : new URL(url).host;
  } catch {
    return '';
  }
}

interface TokenFieldProps {
  readonly provider: GridProviderId;
  readonly hasToken: boolean;
  readonly onChanged: () => void;
}

/** Written and never read back: what is kept is not shown. */
function TokenField({ provider, hasToken, onChanged }: TokenFieldProps) {
  const { t } = useCarbonWords();
  const { request } = useEngine();
  const [text, setText] = useState('');
  const write = (token: string | null): void => {
    request('carbon.setToken', { provider, token }).then(() => {
      setText('');
      onChanged();
    }, onChanged);
  };
  return (
    <span className="grid-token">
      <Field
        label={t('grid.token')}
        isLabelShown={false}
        type="password"
        autoComplete="off"
        width={176}
        placeholder={hasToken ? t('grid.tokenKept') : t('grid.token')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && text.trim() !== '') write(text.trim());
        }}
      />
      <Button disabled={text.trim() === ''} onClick={() => write(text.trim())}>
        {t('grid.tokenSave')}
      </Button>
      {hasToken && (
        <Button look="ghost" onClick={() => write(null)}>
          {t('grid.tokenForget')}
        </Button>
      )}
    </span>
  );
}

function AskNow({ status, onAsked }: { readonly status: GridStatus; readonly onAsked: () => void }) {
  const { t } = useCarbonWords();
  const { request } = useEngine();
  const [isAsking, setIsAsking] = useState(false);
  const ask = (): void => {
    setIsAsking(true);
    request('carbon.fetch', {})
      .then(onAsked, onAsked)
      .finally(() => setIsAsking(false));
  };
  return (
    <div className="grid-now">
      <Button icon="refresh" isBusy={isAsking} onClick={ask}>
        {t(isAsking ? 'grid.asking' : 'grid.ask')}
      </Button>
      <GridState status={status} />
    </div>
  );
}
