import { type InputHTMLAttributes, type ReactNode, useId } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'size'> {
  readonly label: string;
  /** False: the label is only for readers, as where a heading beside it says it. */
  readonly isLabelShown?: boolean;
  readonly unit?: string;
  readonly icon?: IconName;
  /** One sentence that says what would be right; marks the field. */
  readonly error?: string | null;
  readonly hint?: ReactNode;
  readonly width?: number | string;
}

export function Field(props: FieldProps): ReactNode {
  const { label, isLabelShown = true, unit, icon, error, hint, width, ...input } = props;
  const id = useId();
  const hasError = error !== undefined && error !== null;
  const noteId = hasError || hint !== undefined ? `${id}note` : undefined;
  return (
    <div className="field">
      <label htmlFor={id} className={isLabelShown ? 'field-label' : 'vh'}>
        {label}
      </label>
      <span className={hasError ? 'fld err' : 'fld'} style={width === undefined ? undefined : { width }}>
        {icon !== undefined && <Icon name={icon} />}
        <input id={id} {...input} aria-invalid={hasError} aria-describedby={noteId} />
        {unit !== undefined && <span className="u">{unit}</span>}
      </span>
      {hasError ? (
        <span id={noteId} className="field-note crit">
          {error}
        </span>
      ) : (
        hint !== undefined && (
          <span id={noteId} className="field-note">
            {hint}
          </span>
        )
      )}
    </div>
  );
}
