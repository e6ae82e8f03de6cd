import { useState } from 'react';
import type { RuleDescriptor } from '../../shared/model/alert.ts';
import { useEngine } from '../connection/connection-context.tsx';
import { useRequest, wattrunError } from '../connection/use-request.ts';
import { Dialog } from '../design/dialog.tsx';
import { LoadingBars } from '../design/empty-state.tsx';
import { Checkbox } from '../design/switch.tsx';
import { scopeWord, usualName } from './rule-words.ts';
import { useAlertWords } from './use-alert-words.ts';

interface PresetsProps {
  readonly kinds: readonly RuleDescriptor[];
  readonly onClose: () => void;
}

/** Rules that fit the hardware found; all that are not there yet are chosen. */
export function PresetsDialog({ kinds, onClose }: PresetsProps) {
  const { t } = useAlertWords();
  const { request } = useEngine();
  const { data } = useRequest('alerts.presets', {});
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [errorCode, setErrorCode] = useState<string | null>(null);
  const presets = data?.presets ?? [];
  const chosen = presets.filter((preset) => !preset.isPresent && !left.has(preset.id));
  const add = async (): Promise<void> => {
    try {
      for (const preset of chosen) await request('alerts.put', preset.input);
      onClose();
    } catch (error) {
      setErrorCode(wattrunError(error).code);
    }
  };
  const toggle = (id: string, isOn: boolean): void =>
    setLeft(new Set([...left].filter((one) => one !== id).concat(isOn ? [] : [id])));
  return (
    <Dialog
      title={t('presets.title')}
      isOpen
      onClose={onClose}
      onConfirm={add}
      confirmLabel={t('presets.add', { count: chosen.length })}
      isBusy={chosen.length === 0}
    >
      <p className="q">{data !== null && presets.length === 0 ? t('presets.none') : t('presets.text')}</p>
      {data === null && <LoadingBars widths={[90, 80, 85]} />}
      <ul className="ps">
        {presets.map((preset) => {
          const kind = kinds.find((one) => one.kind === preset.input.kind);
          const name = kind === undefined ? preset.name : usualName(t, kind, preset.input.params);
          return (
            <li key={preset.id} className="row">
              {preset.isPresent ? (
                <span className="cb-room" />
              ) : (
                <Checkbox label={name} state={!left.has(preset.id)} onChange={(isOn) => toggle(preset.id, isOn)} />
              )}
              <span className="ps-text">
                <span>
                  {name} <span className="q">{scopeWord(t, preset.input.scope, '')}</span>
                </span>
                <span className="q">
                  {preset.isPresent
                    ? t('presets.there')
                    : t(`presets.reason.${preset.id}`, { defaultValue: preset.reason })}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
      {errorCode !== null && <p className="crit">{t('alerts.notSaved', { code: errorCode })}</p>}
    </Dialog>
  );
}
