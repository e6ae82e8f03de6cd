import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../design/button.tsx';
import { Icon } from '../design/icon.tsx';
import { Popover } from '../design/popover.tsx';
import { Checkbox } from '../design/switch.tsx';
import type { PlacedDevice } from './chart-lines.ts';

interface ChartDevicesProps {
  readonly label: string;
  /** Null: the usual ones. */
  readonly deviceIds: readonly string[] | null;
  readonly placed: readonly PlacedDevice[];
  readonly hasGpus: boolean;
  readonly onChange: (deviceIds: readonly string[] | null) => void;
}

/** Which devices a chart shows: the usual ones, or those that are ticked; at least one. */
export function ChartDevices({ label, deviceIds, placed, hasGpus, onChange }: ChartDevicesProps): ReactNode {
  const { t } = useTranslation('charts');
  const usualWord = t(hasGpus ? 'everyGpu' : 'everyDevice');
  const usualIds = placed
    .filter(({ device }) => !hasGpus || device.domain.kind === 'gpu')
    .map(({ device }) => device.domain.id);
  const chosen = deviceIds ?? usualIds;
  const here = new Set(placed.map(({ device }) => device.domain.id));
  const gone = chosen.filter((id) => !here.has(id));
  const toggle = (id: string, isOn: boolean): void => {
    const next = isOn ? [...chosen, id] : chosen.filter((each) => each !== id);
    if (next.length > 0) onChange(next);
  };
  const word = deviceIds === null ? usualWord : t('someDevices', { count: deviceIds.length });
  return (
    <Popover
      label={label}
      trigger={
        <Button size="small" aria-label={`${label}: ${word}`}>
          <span className="btn-word">{word}</span>
          <Icon name="down" className="chev" />
        </Button>
      }
    >
      <ul className="cd">
        <Choice label={usualWord} isOn={deviceIds === null} onChange={() => onChange(null)} />
        {placed.map(({ device: { domain } }) => (
          <Choice
            key={domain.id}
            label={domain.label}
            isOn={chosen.includes(domain.id)}
            onChange={(isOn) => toggle(domain.id, isOn)}
          />
        ))}
        {gone.map((id) => (
          <Choice key={id} label={t('goneDevice', { id })} isOn onChange={() => toggle(id, false)} />
        ))}
      </ul>
    </Popover>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Choice({ label, isOn, onChange }: ChoiceProps): ReactNode {
  return (
    <li>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control, a button of Radix */}
      <label className="row">
        <Checkbox label={label} state={isOn} onChange={onChange} />
        <span className="cut">{label}</span>
      </label>
    </li>
  );
}
