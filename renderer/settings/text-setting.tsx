import { useEffect, useRef, useState } from 'react';
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

const pauseMs = 600;

/** A text that is saved when typing pauses or the field is left, and only while nothing is wrong with it. */
export function TextSetting(props: TextSettingProps) {
  const { label, value, placeholder, maxLength, width, errorOf, onSave } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const text = draft ?? value ?? '';
  const commit = (typed: string): void => {
    clearTimeout(timer.current);
    const wanted = typed.trim() === '' ? null : typed.trim();
    if (errorOf(typed) === null && wanted !== value) onSave(wanted);
  };
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
        clearTimeout(timer.current);
        timer.current = setTimeout(() => commit(typed), pauseMs);
      }}
      onBlur={() => {
        commit(text);
        if (errorOf(text) === null) setDraft(null);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(text);
        if (event.key === 'Escape') {
          clearTimeout(timer.current);
          setDraft(null);
        }
      }}
    />
  );
}
