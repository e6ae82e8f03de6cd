import { describe, expect, it } from 'vitest';
import { keyName } from '../design/key-name.ts';
import en from '../i18n/en/palette.json' with { type: 'json' };
import { windowKeys } from '../live/time-window.ts';
import { allCombinations, isPressed, type ShortcutId, shortcutPlaces, shortcuts } from './keys.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

it('gives each shortcut an id of its own and words', () => {
  const ids = shortcuts.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const words: Readonly<Record<string, string>> = en.shortcut;
  expect(ids.filter((id) => words[id] === undefined)).toEqual([]);
  expect(Object.keys(words).filter((id) => !(ids as readonly string[]).includes(id))).toEqual([]);
});

it.each(shortcutPlaces)('gives no key two meanings in one place: %s', (place) => {
  const pressed = shortcuts
    .filter((shortcut) => shortcut.place === place)
    .flatMap(allCombinations)
    .map((combination) => combination.join(' '));
  expect(pressed.filter((keys, at) => pressed.indexOf(keys) !== at)).toEqual([]);
  expect(pressed.length, 'a place without keys is no place').toBeGreaterThan(0);
});

it('names every place, and what a hand does', () => {
  const places: Readonly<Record<string, string>> = en.place;
  expect(shortcutPlaces.filter((place) => places[place] === undefined)).toEqual([]);
  const hands = shortcuts.flatMap(allCombinations).flatMap((keys) => keys.filter((key) => /^[a-z]{2,}/.test(key)));
  const words: Readonly<Record<string, string>> = en.keyName;
  expect([...new Set(hands)].filter((hand) => words[hand] === undefined)).toEqual([]);
});

it('counts out a range', () => {
  expect(
    allCombinations({
      id: 'x',
      place: 'charts',
      combinations: [
        ['Ctrl', '1'],
        ['Ctrl', '3'],
      ],
      isRange: true,
    }),
  ).toEqual([
    ['Ctrl', '1'],
    ['Ctrl', '2'],
    ['Ctrl', '3'],
  ]);
});

it('has a key for each window of Live', () => {
  const window = shortcuts.find(({ id }) => id === 'window');
  expect(window === undefined ? 0 : allCombinations(window).length).toBe(windowKeys.length);
});

describe('keys pressed', () => {
  const cases: readonly [ShortcutId, string, Partial<typeof plain>, boolean, boolean][] = [
    ['palette', 'k', { ctrlKey: true }, false, true],
    // Caps lock is on.
    ['palette', 'K', { ctrlKey: true }, false, true],
    ['palette', 'K', { ctrlKey: true, shiftKey: true }, false, false],
    ['palette', 'k', {}, false, false],
    ['palette', 'k', { ctrlKey: true, altKey: true }, false, false],
    ['palette', 'k', { metaKey: true }, false, false],
    ['palette', 'k', { metaKey: true }, true, true],
    // Ctrl K cuts to the end of a line on a Mac.
    ['palette', 'k', { ctrlKey: true }, true, false],
    ['sheet', '?', { shiftKey: true }, false, true],
    ['sheet', '?', {}, false, true],
    ['sheet', '/', { shiftKey: true }, false, false],
    ['sheet', '?', { ctrlKey: true }, false, false],
    ['pages', '3', { ctrlKey: true }, false, true],
    ['pages', '9', { ctrlKey: true }, false, false],
  ];
  it.each(cases)('%s by %s with %o (Apple: %s): %s', (id, key, modifiers, isOnApple, expected) =>
    expect(isPressed(id, { ...plain, ...modifiers, key }, isOnApple)).toBe(expected),
  );

  it('are called by their names on a Mac', () =>
    expect([keyName('Ctrl', true), keyName('Ctrl', false), keyName('K', true)]).toEqual(['⌘', 'Ctrl', 'K']));
});
