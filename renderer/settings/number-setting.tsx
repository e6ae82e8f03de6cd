import { useEffect, useRef, useState } from 'react';
import { Field } from '../design/field.tsx';
import { useWords } from '../i18n/use-words.ts';

interface NumberSettingProps {
  readonly label: string;
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
  readonly width?: number;
  readonly placeholder?: string;
  /** An empty field means none; otherwise it is a mistake. */
  readonly mayBeEmpty?: boolean;
  readonly onSave: (value: number | null) => void;
}

const pauseMs = 600;

/** A number that is saved when typing pauses or the field is left, and only while it is in range. */
export function NumberSetting(props: NumberSettingProps) {
  const { label, value, min, max, unit, width = 96, placeholder, mayBeEmpty = false, onSave } = props;
  const { t } = useWords();
  const stored = value === null ? '' : String(value);
  const [draft, setDraft] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const text = draft ?? stored;
  const parsed = parseSetting(text, { min, max, mayBeEmpty });
  const commit = (typed: string): void => {
    clearTimeout(timer.current);
    const wanted = parseSetting(typed, { min, max, mayBeEmpty });
    if (wanted !== 'wrong' && wanted !== value) onSave(wanted);
  };
  return (
    <Field
      label={label}
      isLabelShown={false}
      inputMode="decimal"
      width={width}
      {...(unit === undefined ? {} : { unit })}
      {...(placeholder === undefined ? {} : { placeholder })}
      value={text}
      error={parsed === 'wrong' ? t('settings.range', { min, max }) : null}
      onChange={(event) => {
        const typed = event.target.value;
        setDraft(typed);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => commit(typed), pauseMs);
      }}
      onBlur={() => {
        commit(text);
        if (parsed !== 'wrong') setDraft(null);
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

interface SettingRange {
  readonly min: number;
  readonly max: number;
  readonly mayBeEmpty: boolean;
}

/** The number typed, null for an allowed empty field, or 'wrong'. */
export function parseSetting(text: string, { min, max, mayBeEmpty }: SettingRange): number | null | 'wrong' {
  const trimmed = text.trim();
  if (trimmed === '') return mayBeEmpty ? null : 'wrong';
  const value = Number(trimmed.replace(',', '.'));
  return Number.isFinite(value) && value >= min && value <= max ? value : 'wrong';
}
