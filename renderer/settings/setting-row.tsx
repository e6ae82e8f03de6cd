import type { ReactNode } from 'react';

interface SettingRowProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
}

/** A label at the left, its control at the right, a hint under it. */
export function SettingRow({ label, hint, children }: SettingRowProps) {
  return (
    <div className="fr">
      <span className="fl">{label}</span>
      <div>
        <div className="fc">{children}</div>
        {hint !== undefined && <p className="fh">{hint}</p>}
      </div>
    </div>
  );
}
