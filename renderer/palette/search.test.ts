import { expect, it } from 'vitest';
import type { Command, CommandGroup } from './command.ts';
import { matchText } from './match.ts';
import { type Entry, mostShown, searchCommands, searchEntry, titlePieces } from './search.ts';

interface Made {
  readonly group?: CommandGroup;
  readonly keywords?: readonly string[];
  readonly isListed?: boolean;
}

function entry(title: string, { group = 'go', keywords = [], isListed = true }: Made = {}): Entry {
  const command: Command = { id: title, title: { name: title }, group, icon: 'runs', isListed, run: () => undefined };
  return searchEntry(command, { title, hint: '', keywords });
}

const titles = (entries: readonly Entry[], text: string, recentIds: readonly string[] = []): readonly string[] =>
  searchCommands(entries, text, recentIds).sections.flatMap(({ found }) => found.map((each) => each.entry.title.text));

it('puts the best first and shows which letters were found', () => {
  const entries = [entry('Return until now'), entry('Runs'), entry('Sensors')];
  const { sections, count } = searchCommands(entries, 'run', []);
  expect(count).toBe(2);
  expect(sections[0]?.found.map(({ entry: { title }, places }) => [title.text, places])).toEqual([
    ['Runs', [0, 1, 2]],
    // R 26; u in 'until' 24 less a gap of six, t to the space: 3 + 5; n right after it 26.
    ['Return until now', [0, 7, 8]],
  ]);
});

it('lists the recent ones first, then the rest by group, where nothing is typed', () => {
  const entries = [
    entry('Dark', { group: 'theme' }),
    entry('Runs'),
    entry('llama', { group: 'runs', isListed: false }),
    entry('Live'),
  ];
  const { sections } = searchCommands(entries, '  ', ['llama', 'gone', 'Live']);
  expect(sections.map(({ group, found }) => [group, found.map((each) => each.entry.title.text)])).toEqual([
    ['recent', ['llama', 'Live']],
    ['go', ['Runs']],
    ['theme', ['Dark']],
  ]);
});

it('finds what is not listed as soon as something is typed', () => {
  expect(titles([entry('llama', { isListed: false })], 'la')).toEqual(['llama']);
});

it('prefers a recent one of two that match alike, but not a far worse one', () => {
  const entries = [entry('Window 1 h'), entry('Window 6 h'), entry('Mend wonders')];
  expect(titles(entries, 'window', ['Window 6 h'])[0]).toBe('Window 6 h');
  expect(titles(entries, 'wind', ['Mend wonders'])[0]).toBe('Window 1 h');
});

it('goes to the page that is opened, not to a format whose name begins alike', () => {
  // 'open' as the start of a title's word is worth 24 + 3 × 26 = 102, as a whole keyword half a point more.
  const entries = [
    entry('Export all runs: OpenMetrics', { group: 'export' }),
    entry('Runs', { keywords: ['go open page view'] }),
  ];
  const [first] = searchCommands(entries, 'open runs', []).sections;
  expect(first?.found[0]?.entry.title.text).toBe('Runs');
});

it('needs every word typed, in any order, in the title or as the beginning of a keyword', () => {
  const entries = [entry('High contrast', { keywords: ['theme colours'] }), entry('Dark', { keywords: ['theme'] })];
  expect(titles(entries, 'theme')).toEqual(['Dark', 'High contrast']);
  expect(titles(entries, 'theme high')).toEqual(['High contrast']);
  expect(titles(entries, 'contrast hi')).toEqual(['High contrast']);
  expect(titles(entries, 'heme')).toEqual([]);
  expect(titles(entries, 'theme qq')).toEqual([]);
});

it('keeps groups together, the group of the best first', () => {
  const entries = [
    entry('Runs'),
    entry('sensor run', { group: 'runs' }),
    entry('Sensors'),
    entry('Sense', { group: 'app' }),
  ];
  const { sections } = searchCommands(entries, 'sens', []);
  expect(sections.map(({ group }) => group)).toEqual(['app', 'go', 'runs']);
});

it('shows at most fifty and says how many there are', () => {
  const { sections, count } = searchCommands(
    Array.from({ length: 5000 }, (_, index) => entry(`llama-${index}`, { group: 'runs' })),
    'lla',
    [],
  );
  expect([sections[0]?.found.length, count]).toEqual([mostShown, 5000]);
});

it('filters five thousand runs in less than 10 ms a key press', () => {
  const names = [
    'llama3-8b-sft-r',
    'resnet50-imagenet-baseline-',
    'whisper-large-v3-finetune-',
    'vit_b16 ablation no warm-up ',
  ];
  const entries = Array.from({ length: 5000 }, (_, index) =>
    entry(`${names[index % names.length]}${index}`, { group: 'runs', keywords: ['sft', 'nlp vision', 'finished'] }),
  );
  const typed = 'llama3 r49';
  const limitMs = 10;
  const slow = [...typed].flatMap((_, at) => {
    // The fastest of up to 40: what the machine does besides is not the search's.
    let fastestMs = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 40 && fastestMs >= limitMs; tries++) {
      const startMs = performance.now();
      searchCommands(entries, typed.slice(0, at + 1), []);
      fastestMs = Math.min(fastestMs, performance.now() - startMs);
    }
    return fastestMs < limitMs ? [] : [`${typed.slice(0, at + 1)}: ${fastestMs.toFixed(1)} ms`];
  });
  expect(slow).toEqual([]);
});

it('cuts a title where typed letters begin and end', () => {
  expect(titlePieces(matchText('New rule'), [0, 4, 5])).toEqual([
    { text: 'N', isTyped: true, at: 0 },
    { text: 'ew ', isTyped: false, at: 1 },
    { text: 'ru', isTyped: true, at: 4 },
    { text: 'le', isTyped: false, at: 6 },
  ]);
  expect(titlePieces(matchText(''), [])).toEqual([]);
});

it('shows an endless title whole', () => {
  const title = matchText(`${'🚀'.repeat(300)}end`);
  expect(
    titlePieces(title, [0])
      .map(({ text }) => text)
      .join(''),
  ).toBe(title.text);
});
