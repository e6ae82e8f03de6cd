import { Checkbox as CheckboxPrimitive, Switch as SwitchPrimitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

interface SwitchProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
  readonly id?: string;
}

export function Switch({ label, isOn, onChange, isDisabled = false, id }: SwitchProps): ReactNode {
  return (
    <SwitchPrimitive.Root
      {...(id === undefined ? {} : { id })}
      className={isOn ? 'sw on' : 'sw'}
      aria-label={label}
      checked={isOn}
      disabled={isDisabled}
      onCheckedChange={onChange}
    />
  );
}

interface CheckboxProps {
  readonly label: string;
  readonly state: boolean | 'some';
  readonly onChange: (isOn: boolean) => void;
}

export function Checkbox({ label, state, onChange }: CheckboxProps): ReactNode {
  const look = state === 'some' ? ' mid' : state ? ' on' : '';
  return (
    <CheckboxPrimitive.Root
      className={`cb${look}`}
      aria-label={label}
      checked={state === 'some' ? 'indeterminate' : state}
      onCheckedChange={(checked) => onChange(checked === true)}
    >
      {state === true && <Icon name="check" />}
    </CheckboxPrimitive.Root>
  );
}
