import { useState } from 'react';
import type { WallMeter } from '../../shared/model/settings.ts';
import { Dialog } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { Select } from '../design/select.tsx';
import { useWords } from '../i18n/use-words.ts';
import { checkMeter, emptyMeter, type MeterDraft, type MeterMistake, meterKinds } from './meter-draft.ts';

interface MeterDialogProps {
  readonly others: readonly WallMeter[];
  readonly onClose: () => void;
  readonly onAdd: (meter: WallMeter) => void;
}

/** The form of a new meter; it complains only once someone tried to add it. */
export function MeterDialog({ others, onClose, onAdd }: MeterDialogProps) {
  const { t } = useWords();
  const [draft, setDraft] = useState<MeterDraft>(emptyMeter);
  const [hasTried, setHasTried] = useState(false);
  const { meter, mistakes } = checkMeter(draft, others);
  const set = (change: Partial<MeterDraft>): void => setDraft((before) => ({ ...before, ...change }));
  const errorOf = (...of: readonly MeterMistake[]): string | null => {
    const mistake = hasTried ? of.find((one) => mistakes.includes(one)) : undefined;
    return mistake === undefined ? null : t(`settings.meters.mistake.${mistake}`);
  };
  const add = (): void => {
    setHasTried(true);
    if (meter !== null) onAdd(meter);
  };
  return (
    <Dialog
      title={t('settings.meters.add')}
      isOpen
      onClose={onClose}
      onConfirm={add}
      confirmLabel={t('settings.meters.confirm')}
    >
      <Field
        label={t('settings.meters.name')}
        placeholder="rack-plug"
        maxLength={40}
        value={draft.name}
        error={errorOf('name', 'taken')}
        onChange={(event) => set({ name: event.target.value })}
      />
      <div className="field">
        <span className="field-label" aria-hidden="true">
          {t('settings.meters.kindLabel')}
        </span>
        <Select
          label={t('settings.meters.kindLabel')}
          choices={meterKinds.map((kind) => ({ value: kind, label: t(`settings.meters.kind.${kind}`) }))}
          value={draft.kind}
          onChange={(kind) => set({ kind })}
        />
      </div>
      <Field
        label={t('settings.meters.url')}
        placeholder={draft.kind === 'home-assistant' ? 'http://homeassistant.local:8123' : 'http://192.168.1.20'}
        value={draft.url}
        error={errorOf('url')}
        hint={t('settings.meters.urlHint')}
        onChange={(event) => set({ url: event.target.value })}
      />
      {draft.kind !== 'tasmota' && (
        <Field
          label={t(`settings.meters.entity.${draft.kind}`)}
          placeholder={draft.kind === 'home-assistant' ? 'sensor.plug_power' : '0'}
          maxLength={200}
          value={draft.entity}
          error={errorOf('entity')}
          onChange={(event) => set({ entity: event.target.value })}
        />
      )}
      <Field
        label={t(`settings.meters.secret.${draft.kind}`)}
        type="password"
        autoComplete="off"
        value={draft.secret}
        error={errorOf('secret')}
        hint={t('settings.meters.secretHint')}
        onChange={(event) => set({ secret: event.target.value })}
      />
    </Dialog>
  );
}
