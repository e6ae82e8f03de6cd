import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { msFromSeconds } from '../../shared/units.ts';
import { Button } from '../design/button.tsx';
import { Keys } from '../design/menu.tsx';

export interface Notice {
  readonly text: string;
  readonly actionLabel?: string;
  readonly onAction?: () => void;
  /** The keys that do the same. */
  readonly keys?: readonly string[];
}

/** Gives what ends the notice, where it is still the one that is shown. */
export type ShowNotice = (notice: Notice) => () => void;

interface Speech {
  readonly announce: (sentence: string) => void;
  readonly showNotice: ShowNotice;
}

const SpeechContext = createContext<Speech>({ announce: () => undefined, showNotice: () => () => undefined });

const quietMs = msFromSeconds(5);
const noticeMs = msFromSeconds(10);

/** One polite live region for alerts, connection and finished runs, at most one a 5 s; and one notice with its undo. */
export function AnnouncerProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [sentence, setSentence] = useState('');
  const [notice, setNotice] = useState<Notice | null>(null);
  const waiting = useRef<string[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const speakNext = useCallback(() => {
    timer.current = undefined;
    const next = waiting.current.shift();
    if (next === undefined) return;
    setSentence(next);
    timer.current = setTimeout(speakNext, quietMs);
  }, []);
  const announce = useCallback(
    (text: string) => {
      waiting.current = [...waiting.current.filter((other) => other !== text), text].slice(-3);
      if (timer.current === undefined) speakNext();
    },
    [speakNext],
  );
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (notice === null) return;
    const end = setTimeout(() => setNotice(null), noticeMs);
    return () => clearTimeout(end);
  }, [notice]);
  const showNotice = useCallback((shown: Notice) => {
    setNotice(shown);
    return () => setNotice((current) => (current === shown ? null : current));
  }, []);
  const speech = useMemo(() => ({ announce, showNotice }), [announce, showNotice]);

  return (
    <SpeechContext value={speech}>
      {children}
      <div className="vh" role="status" aria-live="polite">
        {sentence}
      </div>
      {notice !== null && <NoticeBar notice={notice} onDone={() => setNotice(null)} />}
    </SpeechContext>
  );
}

function NoticeBar({ notice, onDone }: { readonly notice: Notice; readonly onDone: () => void }): ReactNode {
  const { onAction } = notice;
  return (
    <div className="pop und" role="status">
      <span>{notice.text}</span>
      {notice.actionLabel !== undefined && onAction !== undefined && (
        <Button
          look="ghost"
          size="small"
          className="acc"
          onClick={() => {
            onAction();
            onDone();
          }}
        >
          {notice.actionLabel}
          {notice.keys !== undefined && <Keys keys={notice.keys} />}
        </Button>
      )}
    </div>
  );
}

/** Speaks one sentence to screen readers, politely. */
export const useAnnounce = (): Speech['announce'] => useContext(SpeechContext).announce;
/** Shows '2 runs deleted [Undo]' at the bottom for 10 s; the next one replaces it. */
export const useNotice = (): Speech['showNotice'] => useContext(SpeechContext).showNotice;
