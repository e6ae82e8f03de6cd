import { pages } from '../app/sidebar.tsx';

export const shortcutPlaces = ['everywhere', 'charts', 'tables', 'run', 'alerts', 'sensors'] as const;
export type ShortcutPlace = (typeof shortcutPlaces)[number];

/** Keys pressed together: ['Ctrl', 'K']. Letters are written large as on the key; 'drag' and the like are what a hand does. */
export type Combination = readonly string[];

export interface Shortcut {
  readonly id: string;
  readonly place: ShortcutPlace;
  /** Any one of them does it; of a range the first and the last stand here. */
  readonly combinations: readonly Combination[];
  readonly isRange?: boolean;
}

/** Every key of the app, and the only place where it is written for people: the sheet and the palette read it. */
export const shortcuts = [
  { id: 'palette', place: 'everywhere', combinations: [['Ctrl', 'K']] },
  { id: 'sheet', place: 'everywhere', combinations: [['?']] },
  {
    id: 'pages',
    place: 'everywhere',
    combinations: [
      ['Ctrl', '1'],
      // The last one is Settings, which has a key of its own.
      ['Ctrl', String(pages.length - 1)],
    ],
    isRange: true,
  },
  { id: 'settings', place: 'everywhere', combinations: [['Ctrl', ',']] },
  { id: 'sidebar', place: 'everywhere', combinations: [['Ctrl', 'B']] },
  { id: 'mini', place: 'everywhere', combinations: [['M']] },
  { id: 'close', place: 'everywhere', combinations: [['Esc']] },

  { id: 'live', place: 'charts', combinations: [['L']] },
  { id: 'window', place: 'charts', combinations: [['1'], ['8']], isRange: true },
  { id: 'sample', place: 'charts', combinations: [['←'], ['→']] },
  {
    id: 'half-window',
    place: 'charts',
    combinations: [
      ['Shift', '←'],
      ['Shift', '→'],
    ],
  },
  { id: 'zoom', place: 'charts', combinations: [['+'], ['−']] },
  { id: 'whole', place: 'charts', combinations: [['0'], ['doubleClick']] },
  { id: 'event', place: 'charts', combinations: [['['], [']']] },
  { id: 'span', place: 'charts', combinations: [['drag']] },
  { id: 'pan', place: 'charts', combinations: [['Shift', 'drag']] },
  { id: 'wheel', place: 'charts', combinations: [['wheel']] },

  { id: 'row', place: 'tables', combinations: [['↑'], ['↓'], ['K'], ['J']] },
  { id: 'select', place: 'tables', combinations: [['Space']] },
  {
    id: 'extend',
    place: 'tables',
    combinations: [
      ['Shift', '↑'],
      ['Shift', '↓'],
    ],
  },
  { id: 'select-all', place: 'tables', combinations: [['Ctrl', 'A']] },
  { id: 'open', place: 'tables', combinations: [['Enter']] },
  { id: 'rename', place: 'tables', combinations: [['F2']] },
  { id: 'filter', place: 'tables', combinations: [['/']] },
  { id: 'compare', place: 'tables', combinations: [['C']] },
  { id: 'export', place: 'tables', combinations: [['E']] },
  { id: 'tag', place: 'tables', combinations: [['T']] },
  { id: 'delete', place: 'tables', combinations: [['Del']] },
  { id: 'undo', place: 'tables', combinations: [['Ctrl', 'Z']] },
  { id: 'clear', place: 'tables', combinations: [['Esc']] },

  { id: 'neighbours', place: 'run', combinations: [['K'], ['J']] },

  { id: 'new-rule', place: 'alerts', combinations: [['N']] },
  { id: 'acknowledge', place: 'alerts', combinations: [['A']] },
  { id: 'snooze', place: 'alerts', combinations: [['S']] },
  { id: 'save', place: 'alerts', combinations: [['Ctrl', 'S']] },

  { id: 'check', place: 'sensors', combinations: [['R']] },
] as const satisfies readonly Shortcut[];

export type ShortcutId = (typeof shortcuts)[number]['id'];

export const shortcutById = (id: ShortcutId): Shortcut | undefined => shortcuts.find((shortcut) => shortcut.id === id);

/** All of a shortcut's combinations, a range's inner ones with them: Ctrl 1, Ctrl 2, Ctrl 3. */
export function allCombinations({ combinations, isRange = false }: Shortcut): readonly Combination[] {
  const [first, last] = [combinations[0], combinations.at(-1)];
  if (!isRange || first === undefined || last === undefined) return combinations;
  const [from, to] = [Number(first.at(-1)), Number(last.at(-1))];
  return Array.from({ length: to - from + 1 }, (_, index) => [...first.slice(0, -1), String(from + index)]);
}

interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** True where the keys pressed are the shortcut's. ⌘ stands for Ctrl on a Mac; Shift counts only where the key is the same with it. */
export function isPressed(id: ShortcutId, pressed: PressedKey, isOnApple: boolean): boolean {
  const shortcut = shortcutById(id);
  if (shortcut === undefined || pressed.altKey) return false;
  const control = isOnApple ? pressed.metaKey : pressed.ctrlKey;
  if (isOnApple ? pressed.ctrlKey : pressed.metaKey) return false;
  return allCombinations(shortcut).some((combination) => {
    const key = combination.at(-1) ?? '';
    const isLetter = /^[A-Z]$/.test(key);
    return (
      control === combination.includes('Ctrl') &&
      (!isLetter || pressed.shiftKey === combination.includes('Shift')) &&
      (isLetter ? pressed.key.toUpperCase() === key : pressed.key === key)
    );
  });
}
