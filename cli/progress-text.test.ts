import { expect, it } from 'vitest';
import { noProgress } from '../shared/model/progress.ts';
import { progressLines } from './progress-text.ts';

const counted = {
  count: 1200,
  joulesEach: 1320,
  lowJoulesEach: 1300,
  highJoulesEach: 1340,
  isShort: false,
  source: 'api',
};

it('says what was counted, what one took, and who told', () => {
  const progress = {
    ...noProgress,
    steps: counted,
    epochs: { ...counted, count: 1, isShort: true, source: 'log:tqdm' },
  };
  const window = {
    name: 'forward',
    count: 2,
    seconds: 5,
    joules: 500,
    lowJoules: 490,
    highJoules: 510,
    isShort: false,
  };
  const lines = progressLines({ progress, windows: [window] });
  expect(lines[0]).toMatch(
    /^1 epoch: 0\.367 .*Wh .* each, shorter than the sensors tell well \(read from its output, tqdm\)$/,
  );
  expect(lines[1]).toMatch(/^1,200 steps: 0\.367 .* each \(told by the program\)$/);
  expect(lines[2]).toMatch(/^Window forward: 2 × 2\.5 s, .* in all$/);
  expect(progressLines({ progress: noProgress, windows: [] })).toEqual([]);
});
