import type { ReactNode } from 'react';

interface FigureProps {
  readonly label: string;
  readonly value: ReactNode;
  readonly unit?: string;
  /** '±71', after the unit. */
  readonly plusMinus?: string | null;
  readonly size?: 'large' | 'medium' | 'normal';
  /** Evidence bar and the lines under the value. */
  readonly children?: ReactNode;
  readonly className?: string;
}

/** A number that is read from afar. Lines under it: `<div className="x">…</div>`. */
export function Figure({ label, value, unit, plusMinus, size = 'normal', children, className = '' }: FigureProps) {
  const sizes = { large: 'fig lg', medium: 'fig md', normal: 'fig' } as const;
  return (
    <div className={`${sizes[size]} ${className}`}>
      <div className="l">{label}</div>
      <div className="v">
        {value}
        {unit !== undefined && <span className="u">{unit}</span>}
        {plusMinus !== undefined && plusMinus !== null && <span className="pm">{plusMinus}</span>}
      </div>
      {children}
    </div>
  );
}

/** A missing number: a dash in the hint colour, with its reason for readers. */
export function Missing({ why }: { readonly why?: string }): ReactNode {
  return (
    <span className="q" title={why}>
      –
    </span>
  );
}
