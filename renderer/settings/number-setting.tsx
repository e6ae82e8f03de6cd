import { useEffect, useRef, useState } from 'react';
import { fieldNumber, typedNumber } from '../../shared/format/number-text.ts';
import { useLateSave } from '../connection/late-save.ts';
import { Field } from '../design/field.tsx';
import { useLocale } from '../i18n/use-locale.ts';
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

/** A number that is saved when typing pauses or the field is left or goes, and only while it is in range. */
export function NumberSetting(props: NumberSettingProps) {
  const { label, value, min, max, unit, width = 96, placeholder, mayBeEmpty = false, onSave } = props;
  const { t } = useWords();
  const locale = useLocale();
  const stored = value === null ? '' : fieldNumber(value, locale);
  const [draft, setDraft] = useState<string | null>(null);
  const isEntered = useRef(false);
  // What was typed stands until what is stored is something else: a save that fails throws nothing away.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is stored is what it follows
  useEffect(() => {
    if (!isEntered.current) setDraft(null);
  }, [stored]);
  const text = draft ?? stored;
  const parsed = parseSetting(text, { min, max, mayBeEmpty, locale });
  const commit = (typed: string): void => {
    late.drop();
    const wanted = parseSetting(typed, { min, max, mayBeEmpty, locale });
    if (wanted !== 'wrong' && wanted !== value) onSave(wanted);
  };
  const late = useLateSave(commit);
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
        late.later(typed);
      }}
      onFocus={() => {
        isEntered.current = true;
      }}
      onBlur={() => {
        isEntered.current = false;
        commit(text);
        if (parsed === value) setDraft(null);
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

interface SettingRange {
  readonly min: number;
  readonly max: number;
  readonly mayBeEmpty: boolean;
  readonly locale: string;
}

/** The number typed, null for an allowed empty field, or 'wrong'. */
export function parseSetting(text: string, { min, max, mayBeEmpty, locale }: SettingRange): number | null | 'wrong' {
  if (text.trim() === '') return mayBeEmpty ? null : 'wrong';
  const value = typedNumber(text, locale);
  return value !== null && value >= min && value <= max ? value : 'wrong';
}
