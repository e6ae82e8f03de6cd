import { useState } from 'react';
import { useLateSave } from '../connection/late-save.ts';
import { Field } from '../design/field.tsx';

interface TextSettingProps {
  readonly label: string;
  /** Null: an empty field. */
  readonly value: string | null;
  readonly placeholder?: string;
  readonly maxLength: number;
  readonly width: number | string;
  /** One sentence that says what is wrong with the text; null where it may be saved. */
  readonly errorOf: (text: string) => string | null;
  readonly onSave: (value: string | null) => void;
}

/** A text that is saved when typing pauses or the field is left or goes, and only while nothing is wrong with it. */
export function TextSetting(props: TextSettingProps) {
  const { label, value, placeholder, maxLength, width, errorOf, onSave } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? value ?? '';
  const commit = (typed: string): void => {
    late.drop();
    const wanted = typed.trim() === '' ? null : typed.trim();
    if (errorOf(typed) === null && wanted !== value) onSave(wanted);
  };
  const late = useLateSave(commit);
  return (
    <Field
      label={label}
      isLabelShown={false}
      className="mono"
      spellCheck={false}
      autoComplete="off"
      maxLength={maxLength}
      width={width}
      {...(placeholder === undefined ? {} : { placeholder })}
      value={text}
      error={errorOf(text)}
      onChange={(event) => {
        const typed = event.target.value;
        setDraft(typed);
        late.later(typed);
      }}
      onBlur={() => {
        commit(text);
        if (errorOf(text) === null) setDraft(null);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(text);
        if (event.key === 'Escape') {
          late.drop();
          setDraft(null);
        }
      }}
    />
  );
}
