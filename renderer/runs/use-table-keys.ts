import { type RefObject, useEffect } from 'react';
import type { RunSummary } from '../../shared/model/run.ts';
import { navigate } from '../app/router.ts';
import { compareRefusal } from '../compare/compare-choice.ts';
import {
  clearFilters,
  extendSelection,
  focusRun,
  renameInPlace,
  selectOnly,
  setTagging,
  toggleSelected,
  useRunsView,
} from './runs-store.ts';
import { takeUndo } from './undo.ts';
import { useDeleteRuns } from './use-delete-runs.ts';

interface TableKeysOptions {
  readonly sorted: readonly RunSummary[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly textField: RefObject<HTMLDivElement | null>;
  /** Of the selection, which is there only with one, and of all that is shown. */
  readonly selectionExport: RefObject<HTMLButtonElement | null>;
  readonly topExport: RefObject<HTMLButtonElement | null>;
}

const rowHeight = 24;

/** ↑ ↓ K J, Space, Shift, Ctrl A, Enter, F2, /, C, E, T, Del, Ctrl Z, Esc: the whole table without a pointer. */
export function useTableKeys(options: TableKeysOptions): void {
  const { sorted, scroller, textField, selectionExport, topExport } = options;
  const deleteRuns = useDeleteRuns();
  useEffect(() => {
    const ids = sorted.map((run) => run.id);
    const move = (step: number, isExtending: boolean): void => {
      const { focusedId } = useRunsView.getState();
      const at = focusedId === null ? -1 : ids.indexOf(focusedId);
      const to = Math.min(ids.length - 1, Math.max(0, at + step));
      const id = ids[to];
      if (id === undefined) return;
      if (isExtending) extendSelection(id);
      else focusRun(id);
      scrollTo(scroller.current, to);
    };
    const remove = (): void => {
      const { focusedId, selectedIds } = useRunsView.getState();
      const runIds = selectedIds.size > 0 ? [...selectedIds] : focusedId === null ? [] : [focusedId];
      if (runIds.length > 0) void deleteRuns(runIds).then((isDone) => isDone && selectOnly([]));
    };
    const compare = (): void => {
      // In the order of the table: what was seen first is what the others are held against.
      const { selectedIds } = useRunsView.getState();
      const runIds = ids.filter((id) => selectedIds.has(id));
      if (compareRefusal(runIds.length) === null) navigate({ page: 'compare', runIds });
    };
    const tag = (): void => {
      const { focusedId, selectedIds } = useRunsView.getState();
      if (selectedIds.size === 0 && focusedId !== null) selectOnly([focusedId]);
      setTagging(useRunsView.getState().selectedIds.size > 0);
    };
    const act = (key: string, isExtending: boolean): boolean => {
      const { focusedId, selectedIds } = useRunsView.getState();
      if (key === 'ArrowDown' || key === 'j') move(1, isExtending);
      else if (key === 'ArrowUp' || key === 'k') move(-1, isExtending);
      else if (key === '/') textField.current?.querySelector('input')?.focus();
      else if (key === 'e') openMenu(selectionExport.current ?? topExport.current);
      else if (key === 'c') compare();
      else if (key === 't') tag();
      else if (key === 'Delete') remove();
      else if (key === 'Escape') selectedIds.size > 0 ? selectOnly([]) : clearFilters();
      else if (focusedId === null) return false;
      else if (key === ' ') toggleSelected(focusedId);
      else if (key === 'F2') renameInPlace(focusedId);
      else if (key === 'Enter') navigate({ page: 'run', runId: focusedId });
      else return false;
      return true;
    };
    const press = (event: KeyboardEvent): void => {
      if (isTyping(event.target)) return;
      const hasControl = event.ctrlKey || event.metaKey;
      if (hasControl) {
        if (event.key === 'z') {
          // The browser's own undo takes back what was typed into a field that nobody is in.
          event.preventDefault();
          takeUndo()?.();
        }
        if (event.key !== 'a') return;
        event.preventDefault();
        selectOnly(ids);
        return;
      }
      if (isPressedBy(event.key, event.target)) return;
      if (!act(event.key, event.shiftKey)) return;
      event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [sorted, scroller, textField, selectionExport, topExport, deleteRuns]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input,textarea,select,[role="menu"],[role="dialog"]') !== null;
}

/** Space and Enter press a button, Enter alone follows a link. */
function isPressedBy(key: string, target: EventTarget | null): boolean {
  const pressed = key === 'Enter' ? 'button,a' : key === ' ' ? 'button' : null;
  return pressed !== null && target instanceof Element && target.closest(pressed) !== null;
}

/** Brings a row into sight; rows have one height, so that it need not be drawn yet. */
function scrollTo(scroller: HTMLElement | null, row: number): void {
  if (scroller === null) return;
  const top = row * rowHeight;
  const bottom = top + 2 * rowHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
}

/** Radix menus open on pointerdown or a key, not on a click. */
function openMenu(button: HTMLButtonElement | null): void {
  button?.focus();
  button?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
}
