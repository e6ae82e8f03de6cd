import type { Command, CommandGroup } from './command.ts';
import { commandGroups } from './command.ts';
import {
  foldedCodes,
  foldedText,
  type MatchText,
  maskOf,
  match,
  matchScore,
  matchText,
  wordStartScore,
} from './match.ts';

/** A command with its words, ready to be searched. */
export interface Entry {
  readonly command: Command;
  readonly title: MatchText;
  readonly hint: string;
  /** Folded words with a space before each: one search through a string, as there are thousands of entries. */
  readonly keywords: string;
}

export interface FoundEntry {
  readonly entry: Entry;
  /** Letters of the title that were typed, ascending. */
  readonly places: readonly number[];
}

export interface Section {
  readonly group: CommandGroup | 'recent';
  readonly found: readonly FoundEntry[];
}

export interface SearchResult {
  readonly sections: readonly Section[];
  /** Commands that match, those beyond the limit with them. */
  readonly count: number;
}

/** More than these are not read through but typed for. */
export const mostShown = 50;
/** A command used lately goes before one that matches about as well. */
const recentBonus = 8;
const perKeywordLetter = 14;
/** A keyword that is typed whole is worth more than the start of a word in a title, less than a title's own start: 'open runs' goes to Runs, not to OpenMetrics. */
const wholeKeywordBonus = 0.5;

interface Scored {
  readonly entry: Entry;
  readonly score: number;
  readonly order: number;
}

/**
 * What matches the typed text, best first, in groups by their best. Each word typed must be found in the title, fuzzily, or begin a keyword.
 * Nothing typed: the recent commands, then those that are listed.
 */
export function searchCommands(entries: readonly Entry[], text: string, recentIds: readonly string[]): SearchResult {
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return listed(entries, recentIds);
  const typed = words.map((word) => {
    const codes = foldedCodes(word);
    return { codes, mask: maskOf(codes), asKeyword: ` ${foldedText(word)}` };
  });
  const recent = new Set(recentIds);
  const best: Scored[] = [];
  let count = 0;
  entries.forEach((entry, order) => {
    const score = scoreEntry(entry, typed);
    if (score === null) return;
    count += 1;
    keepBest(best, { entry, score: score + (recent.has(entry.command.id) ? recentBonus : 0), order });
  });
  return { sections: inGroups(best.map(({ entry }) => ({ entry, places: placesOf(entry, typed) }))), count };
}

/** Keeps the list sorted and short: sorting thousands for the sake of fifty would take longer than finding them. */
function keepBest(best: Scored[], next: Scored): void {
  const last = best.at(-1);
  if (best.length === mostShown && last !== undefined && !isBefore(next, last)) return;
  let at = best.length;
  for (let other = best[at - 1]; other !== undefined && isBefore(next, other); other = best[at - 1]) at -= 1;
  best.splice(at, 0, next);
  if (best.length > mostShown) best.pop();
}

function isBefore(a: Scored, b: Scored): boolean {
  if (a.score !== b.score) return a.score > b.score;
  const [aLength, bLength] = [a.entry.title.letters.length, b.entry.title.letters.length];
  return aLength === bLength ? a.order < b.order : aLength < bLength;
}

interface TypedWord {
  readonly codes: readonly number[];
  readonly mask: number;
  /** With the space that stands before a keyword. */
  readonly asKeyword: string;
}

const couldMatch = ({ mask }: TypedWord, { title }: Entry): boolean => (mask & ~title.mask) === 0;

function scoreEntry(entry: Entry, typed: readonly TypedWord[]): number | null {
  let sum = 0;
  for (const word of typed) {
    const inTitle = couldMatch(word, entry) ? (matchScore(word.codes, entry.title) ?? 0) : 0;
    const score = Math.max(inTitle, keywordScore(word, entry.keywords));
    if (score === 0) return null;
    sum += score;
  }
  return sum;
}

function keywordScore({ codes, asKeyword }: TypedWord, keywords: string): number {
  if (!keywords.includes(asKeyword)) return 0;
  const isWhole = keywords.includes(`${asKeyword} `) || keywords.endsWith(asKeyword);
  return isWhole ? wordStartScore(codes.length) + wholeKeywordBonus : perKeywordLetter * codes.length;
}

function placesOf(entry: Entry, typed: readonly TypedWord[]): readonly number[] {
  const places = typed.flatMap(({ codes }) => match(codes, entry.title)?.places ?? []);
  return [...new Set(places)].sort((a, b) => a - b);
}

function inGroups(found: readonly FoundEntry[]): readonly Section[] {
  const groups = new Map<CommandGroup, FoundEntry[]>();
  for (const { entry, places } of found) {
    const { group } = entry.command;
    const section = groups.get(group) ?? [];
    section.push({ entry, places });
    groups.set(group, section);
  }
  return [...groups].map(([group, section]) => ({ group, found: section }));
}

function listed(entries: readonly Entry[], recentIds: readonly string[]): SearchResult {
  const unmatched = (entry: Entry): FoundEntry => ({ entry, places: [] });
  const recent = recentIds
    .map((id) => entries.find((entry) => entry.command.id === id))
    .filter((entry) => entry !== undefined);
  const rest = entries.filter((entry) => entry.command.isListed !== false && !recent.includes(entry));
  const groups = commandGroups.map((group) => ({
    group,
    found: rest.filter((entry) => entry.command.group === group).map(unmatched),
  }));
  const sections = [{ group: 'recent' as const, found: recent.map(unmatched) }, ...groups];
  return { sections: sections.filter(({ found }) => found.length > 0), count: recent.length + rest.length };
}

export interface EntryWords {
  readonly title: string;
  readonly hint: string;
  /** Each is one or several words. */
  readonly keywords: readonly string[];
}

export function searchEntry(command: Command, words: EntryWords): Entry {
  const keywords = foldedText(` ${words.keywords.join(' ')}`).replaceAll(/[\s,]+/g, ' ');
  return { command, title: matchText(words.title), hint: words.hint, keywords };
}

/** The title in pieces, typed and not typed by turns: for showing which letters were found. */
export function titlePieces({ letters, text }: MatchText, places: readonly number[]): readonly TitlePiece[] {
  const typed = new Set(places);
  const pieces: { text: string; isTyped: boolean; at: number }[] = [];
  for (const [at, letter] of letters.entries()) {
    const last = pieces.at(-1);
    if (last !== undefined && last.isTyped === typed.has(at)) last.text += letter;
    else pieces.push({ text: letter, isTyped: typed.has(at), at });
  }
  const shown = letters.join('').length;
  if (shown < text.length) pieces.push({ text: text.slice(shown), isTyped: false, at: letters.length });
  return pieces;
}

export interface TitlePiece {
  readonly text: string;
  readonly isTyped: boolean;
  /** Of its first letter. */
  readonly at: number;
}
