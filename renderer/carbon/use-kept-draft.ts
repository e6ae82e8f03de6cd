import { useCallback, useEffect, useRef, useState } from 'react';

interface KeptDraft<T> {
  readonly shown: T;
  /** Changes what is shown at once, and saves it where nothing is wrong with it. */
  readonly change: (change: (before: T) => T) => void;
}

/**
 * What is edited in many fields at once. A field saves late, when typing pauses, and a save comes back later still: each change is made to the newest
 * there is, not to what was drawn when the field was.
 */
export function useKeptDraft<T>(stored: T, isWhole: (value: T) => boolean, save: (value: T) => void): KeptDraft<T> {
  const [draft, setDraft] = useState<{ readonly value: T } | null>(null);
  const newest = useRef(stored);
  const saving = useRef({ isWhole, save });
  saving.current = { isWhole, save };
  newest.current = draft === null ? stored : draft.value;
  const storedText = JSON.stringify(stored);
  useEffect(() => {
    setDraft((known) => (known !== null && JSON.stringify(known.value) === storedText ? null : known));
  }, [storedText]);
  const change = useCallback((make: (before: T) => T) => {
    const next = make(newest.current);
    newest.current = next;
    setDraft({ value: next });
    if (saving.current.isWhole(next)) saving.current.save(next);
  }, []);
  return { change, shown: newest.current };
}

export const replacedAt = <T>(list: readonly T[], index: number, change: (item: T) => T): readonly T[] =>
  list.map((item, at) => (at === index ? change(item) : item));

export const without = <T>(list: readonly T[], index: number): readonly T[] => list.filter((_, at) => at !== index);
