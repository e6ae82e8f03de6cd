import { formatNumber, threeDigitDecimals } from '../shared/format/number-text.ts';
import type { Counted } from '../shared/model/progress.ts';
import type { RunReport } from '../shared/model/run.ts';
import { plainText } from './plain-text.ts';
import { energyText } from './text.ts';

const locale = 'en-US';
const nouns = { epochs: 'epoch', steps: 'step', samples: 'sample', tokens: 'token' } as const;

/** '4 epochs, 600 steps; per step 1.32 kJ (1.30 – 1.34) …': a line for each thing that was counted, and each named window. */
export function progressLines({ progress, windows }: Pick<RunReport, 'progress' | 'windows'>): readonly string[] {
  const counted = (Object.keys(nouns) as (keyof typeof nouns)[]).flatMap((kind) => {
    const one = progress[kind];
    return one === null ? [] : [countedLine(nouns[kind], one)];
  });
  const named = windows.map(
    ({ name, count, seconds, joules, lowJoules, highJoules, isShort }) =>
      `Window ${plainText(name)}: ${count} × ${seconds < 0.1 && count > 0 ? '<0.1' : formatNumber(seconds / Math.max(1, count), 1, locale)} s, ${energyText(joules, lowJoules, highJoules)} in all${isShort ? shortNote : ''}`,
  );
  return [...counted, ...named];
}

const shortNote = ', shorter than the sensors tell well';

function countedLine(
  noun: string,
  { count, joulesEach, lowJoulesEach, highJoulesEach, isShort, source }: Counted,
): string {
  const number = formatNumber(count, Number.isInteger(count) ? 0 : Math.min(3, threeDigitDecimals(count)), locale);
  const plural = count === 1 ? noun : `${noun}s`;
  const each = joulesEach === null ? '' : `: ${energyText(joulesEach, lowJoulesEach, highJoulesEach)} each`;
  return `${number} ${plural}${each}${isShort ? shortNote : ''} (${sourceText(source)})`;
}

/** 'told by the program', 'read from its output (tqdm)', 'read from its files (tensorboard)'. */
function sourceText(source: string): string {
  const [from = '', reader = ''] = source.split(':');
  if (from === 'log') return `read from its output, ${plainText(reader)}`;
  if (from === 'file') return `read from its files, ${plainText(reader)}`;
  return 'told by the program';
}
