import { useCallback, useEffect, useState } from 'react';
import { isSidebarWide, toggleSidebar } from '../app/sidebar-store.ts';
import { isApple } from '../design/key-name.ts';
import { StartRunDialog } from '../live/start-run-dialog.tsx';
import { StopRunDialog } from '../live/stop-run-dialog.tsx';
import type { Question } from './command.ts';
import { isPressed } from './keys.ts';
import { KeysSheet } from './keys-sheet.tsx';
import { MarkRunDialog } from './mark-run-dialog.tsx';
import './palette.css';
import { PaletteDialog } from './palette-dialog.tsx';
import { closePalette, openKeys, openPalette, usePalette } from './palette-store.ts';
import { useKnownRecord } from './use-command-context.ts';

/** The palette, the sheet of keys, and the dialogs that commands open: once, over every page. */
export function PaletteHost() {
  const shown = usePalette((state) => state.shown);
  const record = useKnownRecord(shown === 'palette');
  const [question, setQuestion] = useState<Question | null>(null);
  const close = useCallback(() => setQuestion(null), []);
  usePaletteKeys();
  return (
    <>
      <PaletteDialog isOpen={shown === 'palette'} record={record} onAsk={setQuestion} />
      <KeysSheet isOpen={shown === 'keys'} />
      {question?.kind === 'start' && <StartRunDialog onClose={close} />}
      {question?.kind === 'stop' && <StopRunDialog run={question.run} onClose={close} />}
      {question?.kind === 'mark' && <MarkRunDialog run={question.run} onClose={close} />}
    </>
  );
}

/** Ctrl K anywhere, ? and Ctrl B where nothing is typed; none of them over another dialog. */
function usePaletteKeys(): void {
  useEffect(() => {
    const isOnApple = isApple();
    const press = (event: KeyboardEvent): void => {
      const { shown } = usePalette.getState();
      if (isPressed('palette', event, isOnApple)) {
        if (shown === 'palette') closePalette();
        else if (!isDialogOpen()) openPalette();
      } else if (isPressed('sheet', event, isOnApple) && !isTyping(event.target) && !isDialogOpen()) openKeys();
      else if (isPressed('sidebar', event, isOnApple) && !isDialogOpen() && isSidebarWide()) toggleSidebar();
      else return;
      event.preventDefault();
    };
    // A page that opens under it has other commands, and keys of its own.
    addEventListener('keydown', press);
    addEventListener('hashchange', closePalette);
    return () => {
      removeEventListener('keydown', press);
      removeEventListener('hashchange', closePalette);
    };
  }, []);
}

const isDialogOpen = (): boolean => document.querySelector('.pop.dlg, .pop.pal') !== null;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [role="menu"]') !== null;
}
