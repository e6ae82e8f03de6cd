import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { Choice } from './segmented.tsx';

interface SelectProps<T extends string> {
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly size?: 'normal' | 'small';
  /** 'button' looks like the buttons beside it, 'field' like the fields of a form. */
  readonly look?: 'field' | 'button';
  readonly className?: string;
  readonly id?: string;
}

/** A native select: right for every platform's keys, touch and readers. */
export function Select<T extends string>(props: SelectProps<T>): ReactNode {
  const { label, choices, value, onChange, size = 'normal', look = 'field', className = '', id } = props;
  return (
    <span className={`slc ${look}${size === 'small' ? ' sm' : ''} ${className}`}>
      <select
        id={id}
        aria-label={label}
        value={value}
        onChange={(event) => {
          const chosen = choices.find((choice) => choice.value === event.target.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
      <Icon name="down" className="chev" />
    </span>
  );
}
