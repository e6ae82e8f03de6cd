import type { OutputLine } from './reader.ts';

/** Longer lines are cut: nothing that says how far a training is stands behind. */
const mostCharacters = 4096;

/** Colours, cursor moves, titles: ECMA-48 control sequences, and what a terminal takes for itself. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters.
const control = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,500}(?:\u0007|\u001b\\)|[ -/]*[0-~])/g;
/** What ends a line on a screen, or writes over it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are control characters.
const ends = /[\r\n]|\u0008+/g;

const isWholeBar = (text: string): boolean => text.endsWith(']') && text.includes('%|');

export interface OutputLines {
  push(bytes: Uint8Array, atMs: number): void;
  /** What stands at the end without an end of line. */
  finish(atMs: number): void;
}

/**
 * Cuts a program's output into lines. A carriage return ends one: a progress bar is a line for each of its states. Bytes that are no UTF-8 become U+FFFD. A
 * bar that stands there whole is read at once: what ends its line is the next state, and may come late.
 */
export function createOutputLines(onLine: (line: OutputLine) => void): OutputLines {
  const decoder = new TextDecoder('utf-8');
  let pending = '';
  let shown = '';

  function tell(raw: string, atMs: number): void {
    const text = raw.includes('\u001b') ? raw.replaceAll(control, '') : raw;
    if (text.trim() !== '') onLine({ text, atMs });
  }

  function take(text: string, atMs: number): void {
    let from = 0;
    for (const match of text.matchAll(ends)) {
      pending = (pending + text.slice(from, match.index)).slice(0, mostCharacters);
      if (pending !== shown) tell(pending, atMs);
      pending = '';
      shown = '';
      from = match.index + match[0].length;
    }
    if (pending.length < mostCharacters) pending = (pending + text.slice(from)).slice(0, mostCharacters);
    if (pending === shown || !isWholeBar(pending.trimEnd())) return;
    shown = pending;
    tell(pending, atMs);
  }

  return {
    push: (bytes, atMs) => take(decoder.decode(bytes, { stream: true }), atMs),
    finish(atMs) {
      take(`${decoder.decode()}\n`, atMs);
    },
  };
}
