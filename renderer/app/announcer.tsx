import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { msFromSeconds } from '../../shared/units.ts';
import { Button } from '../design/button.tsx';

interface Notice {
  readonly text: string;
  readonly actionLabel?: string;
  readonly onAction?: () => void;
}

interface Speech {
  readonly announce: (sentence: string) => void;
  readonly showNotice: (notice: Notice) => void;
}

const SpeechContext = createContext<Speech>({ announce: () => undefined, showNotice: () => undefined });

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
  const speech = useMemo(() => ({ announce, showNotice: setNotice }), [announce]);

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
        </Button>
      )}
    </div>
  );
}

/** Speaks one sentence to screen readers, politely. */
export const useAnnounce = (): Speech['announce'] => useContext(SpeechContext).announce;
/** Shows '2 runs deleted [Undo]' at the bottom for 10 s; the next one replaces it. */
export const useNotice = (): Speech['showNotice'] => useContext(SpeechContext).showNotice;
