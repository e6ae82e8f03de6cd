import type { ReactNode } from 'react';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
}

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  /** Null: none is pressed, as when the window is one that the user dragged. */
  readonly value: T | null;
  readonly onChange: (value: T) => void;
  readonly size?: 'normal' | 'small';
  readonly className?: string;
}

export function Segmented<T extends string>(props: SegmentedProps<T>): ReactNode {
  const { label, choices, value, onChange, size = 'normal', className = '' } = props;
  return (
    <fieldset className={`seg ${size === 'small' ? 'sm ' : ''}${className}`} aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  );
}
