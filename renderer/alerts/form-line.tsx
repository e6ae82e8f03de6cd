import { useId } from 'react';
import { Select } from '../design/select.tsx';

interface LineProps<T extends string> {
  readonly label: string;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** A label and its select. */
export function Line<T extends string>({ label, choices, value, onChange }: LineProps<T>) {
  const id = useId();
  return (
    <div className="fr">
      <label className="fl" htmlFor={id}>
        {label}
      </label>
      <Select id={id} label={label} choices={choices} value={value} onChange={onChange} />
    </div>
  );
}
