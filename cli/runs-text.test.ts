import { expect, it } from 'vitest';
import { runSummary } from '../engine/reports/run-report.ts';
import { exampleRun, exampleTotals } from '../tests/examples.ts';
import { runsText } from './runs-text.ts';
import { textColumns } from './text-width.ts';

const longName = 'python -m torch.distributed.run --nproc-per-node 8 train.py --config configs/long.yaml';
const runs = [longName, 'short', '训练训练训练训练训练训练训练训练训练训练训练训练'].map((name) =>
  runSummary(exampleRun({ name, status: 'finished' }), exampleTotals()),
);
const widest = (text: string): number => Math.max(...text.split('\n').map(textColumns));

it('keeps names whole where nothing says how wide a line may be', () => {
  expect(runsText(runs, null)).toContain(longName);
});

it('cuts names so that a line fits into the terminal, and no more of them than that asks for', () => {
  const text = runsText(runs, 150);
  expect(widest(text)).toBe(150);
  expect(text).toMatch(/python -m .*…/);
  expect(text).toContain('short');
  expect(runsText(runs, 400)).toBe(runsText(runs, null));
});

it('leaves enough of a name to know it, however narrow the terminal is', () => {
  expect(runsText(runs, 20)).toContain('python -m t…');
});
