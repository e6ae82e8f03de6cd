import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MarkInput } from '../../shared/model/progress.ts';
import { createOutputMarks } from './output-marks.ts';
import { createPatternReader } from './pattern-reader.ts';
import type { OutputReader } from './reader.ts';
import { outputReaders } from './readers/registry.ts';

const recording = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, 'recordings', name));
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Marks of an output that comes in pieces of some bytes, each 10 ms after the one before. */
function marksOf(
  output: Uint8Array,
  { pieceBytes = 97, readers = outputReaders }: { pieceBytes?: number; readers?: readonly OutputReader[] } = {},
): readonly MarkInput[] {
  const marks: MarkInput[] = [];
  const made = createOutputMarks({ readers, onMark: (mark) => marks.push(mark) });
  const stream = made.stream();
  let atMs = 0;
  for (let from = 0; from < output.length; from += pieceBytes) {
    atMs += 10;
    stream.push(output.subarray(from, from + pieceBytes), atMs);
  }
  stream.finish(atMs);
  made.finish(atMs);
  return marks;
}

const last = (marks: readonly MarkInput[], kind: string): number | null | undefined =>
  marks.findLast((mark) => mark.kind === kind)?.value;
const epochsOf = (marks: readonly MarkInput[]): readonly unknown[] =>
  marks.filter((mark) => mark.kind === 'epoch' && mark.value !== 0).map((mark) => [mark.value, mark.step]);

describe('lines that look like a training and are none', () => {
  const lines = (...said: readonly string[]): readonly MarkInput[] => marksOf(bytesOf(`${said.join('\n')}\n`));

  it('an evaluation counts no steps, no epochs and has no loss of the training', () => {
    const marks = lines(
      'step 9 loss 0.6',
      'step 10 loss 0.5',
      '[eval] step 999 val loss 0.3',
      'eval step 3/5',
      'Validation: step 77 loss 0.1',
      'Validation epoch 40 loss 0.2',
      'test loss: 0.2',
      'step 11 loss 0.4, val loss 0.3',
    );
    expect([last(marks, 'step'), last(marks, 'epoch'), last(marks, 'loss')]).toEqual([11, undefined, 0.4]);
    const values = marks.filter(({ kind }) => kind === 'step').map(({ value }) => value);
    expect(Math.max(...values.map((value) => value ?? 0))).toBe(11);
    expect(marks.filter(({ kind }) => kind === 'loss').every(({ value }) => (value ?? 0) >= 0.4)).toBe(true);
  });

  it.each([
    'total steps: 5000',
    'warmup steps: 100',
    'max_steps=5000',
    'Num update steps per epoch = 40',
    'Total optimization steps = 120',
    'Namespace(epochs=90, steps=1000, batch_size=256)',
    'num_epochs: 3',
    'epochs: 10',
  ])('a setting is no count: %s', (line) => {
    expect(lines(line)).toEqual([]);
  });

  it('mmengine and Megatron are read by their training lines', () => {
    const mmengine = (pass: string, epoch: number, step: number): string =>
      `2024/01/01 10:00:00 - mmengine - INFO - Epoch(${pass})  [${epoch}][${step}/150]  lr: 1.0e-02  loss: 0.5`;
    const marks = lines(
      ...[1, 2].flatMap((epoch) => [
        mmengine('train', epoch, 50),
        mmengine('train', epoch, 150),
        mmengine('val', epoch, 9),
      ]),
    );
    expect(last(marks, 'epoch')).toBe(2);
    const megatron = lines(
      ' iteration       50/  500000 | consumed samples:        12800 | elapsed time per iteration (ms): 1234.5 | lm loss: 6.7E+00 |',
      ' validation loss at iteration 50 | lm loss value: 6.0E+00 | lm loss PPL: 4.0E+02',
    );
    expect([last(megatron, 'step'), last(megatron, 'samples'), last(megatron, 'loss')]).toEqual([50, 12_800, 6.7]);
  });
});

describe('the output of a library that really ran', () => {
  it.each([
    [
      'hf-trainer.pipe.out',
      48,
      [
        [1, 16],
        [2, 32],
        [3, 48],
      ],
    ],
    [
      'hf-trainer.terminal.out',
      48,
      [
        [1, 16],
        [2, 32],
        [3, 48],
      ],
    ],
    [
      'lightning.pipe.out',
      96,
      [
        [1, 32],
        [2, 64],
        [3, 96],
      ],
    ],
    [
      'lightning.terminal.out',
      96,
      [
        [1, 32],
        [2, 64],
        [3, 96],
      ],
    ],
    [
      'keras.lines.out',
      87,
      [
        [1, 29],
        [2, 58],
        [3, 87],
      ],
    ],
    [
      'keras.terminal.out',
      87,
      [
        [1, 29],
        [2, 58],
        [3, 87],
      ],
    ],
    [
      'tqdm-nested.pipe.out',
      120,
      [
        [1, 40],
        [2, 80],
        [3, 120],
      ],
    ],
    [
      'tqdm-nested.terminal.out',
      120,
      [
        [1, 40],
        [2, 80],
        [3, 120],
      ],
    ],
    [
      'tqdm-outer.pipe.out',
      90,
      [
        [1, 30],
        [2, 60],
        [3, 90],
      ],
    ],
    [
      'tqdm-plain.pipe.out',
      100,
      [
        [1, 50],
        [2, 100],
      ],
    ],
    ['nanogpt.pipe.out', 61, []],
  ] as const)('%s: %i steps and the ends of its epochs', (name, steps, epochs) => {
    // However it is cut into pieces, down to single bytes in the middle of a character.
    for (const pieceBytes of [1, 97, 65_536]) {
      const marks = marksOf(recording(name), { pieceBytes });
      expect(last(marks, 'step')).toBe(steps);
      expect(epochsOf(marks)).toEqual(epochs);
    }
  });

  it('has its losses with the step they stand at', () => {
    const losses = marksOf(recording('hf-trainer.pipe.out'), { pieceBytes: 65_536 }).filter(
      ({ kind }) => kind === 'eval_loss',
    );
    expect(losses.at(-1)).toMatchObject({ value: 1.468, epoch: 3, source: 'log:hf-trainer' });
    expect(last(marksOf(recording('keras.lines.out')), 'val_loss')).toBe(0.1241);
    expect(last(marksOf(recording('nanogpt.pipe.out')), 'val_loss')).toBe(4.3);
  });

  it('of two epochs with lines within them, as in the MNIST example', () => {
    expect(epochsOf(marksOf(recording('mnist.pipe.out')))).toEqual([
      [1, null],
      [2, null],
    ]);
  });

  it('gives the same with broken UTF-8 and colours in between', () => {
    const noise = Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0d, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x0d]);
    const bars = recording('tqdm-plain.pipe.out');
    const cut = bars.indexOf(0x0d, 2000);
    const broken = Buffer.concat([bars.subarray(0, cut), noise, bars.subarray(cut)]);
    expect(last(marksOf(broken), 'step')).toBe(100);
  });
});

describe('lines of a shape that many programs have', () => {
  const cases = [
    ['step=10 loss=0.5', { step: 10, loss: 0.5 }],
    [
      '[2026-01-01 10:00:00] INFO global_step: 1,200 | loss: 2.1e-01 | tokens: 4096',
      { step: 1200, loss: 0.21, tokens: 4096 },
    ],
    ["{'step': 7, 'loss': 1.5}", { step: 7, loss: 1.5 }],
    ['iteration 42/100: lr 1e-3', { step: 42 }],
    ['Step 12 | loss:1.25 lr:2e-05 tokens_per_second_per_gpu:5000', { step: 12, loss: 1.25 }],
    ['1|25|Loss: 1.23:  50%|█████     | 25/50 [00:10<00:10,  2.5it/s]', { step: 25, loss: 1.23 }],
    ['samples_seen=640 epoch 1', { samples: 640 }],
  ] as const;

  it.each(cases)('%s', (line, values) => {
    const marks = marksOf(bytesOf(`${line}\n`), { pieceBytes: 65_536 });
    for (const [kind, value] of Object.entries(values)) expect(last(marks, kind)).toBe(value);
  });

  it('of one line an epoch are its end, and of one that only names it its beginning', () => {
    const ended = 'epoch 1 loss 0.5\nepoch 2 loss 0.4\nepoch 3 loss 0.3\n';
    expect(epochsOf(marksOf(bytesOf(ended), { pieceBytes: 17 })).map((one) => (one as unknown[])[0])).toEqual([
      1, 2, 3,
    ]);
    const begun = 'Epoch 0\nworking\nEpoch 1\nworking\n';
    const marks = marksOf(bytesOf(begun), { pieceBytes: 8 });
    expect(marks.filter(({ kind }) => kind === 'epoch').map(({ value, atMs }) => [value, atMs])).toEqual([
      [1, 30],
      [2, 40],
    ]);
  });

  it('that only look like it are left alone', () => {
    const lines =
      'a footstep away\nloading 3 of 9\nSee https://x.org/epoch\nSteps to reproduce the bug\nfinished in 3.2s\n';
    expect(marksOf(bytesOf(lines))).toEqual([]);
  });

  it('leave out what is no training: downloads, data sets, validation', () => {
    const bars = [
      'model.safetensors:  50%|█████     | 256M/512M [00:10<00:10, 25.6MB/s]',
      'Map: 100%|██████████| 1000/1000 [00:01<00:00, 900.00 examples/s]',
      'Loading checkpoint shards: 100%|██████████| 4/4 [00:01<00:00,  3.90it/s]',
      'Validation: 100%|██████████| 20/20 [00:01<00:00, 19.00it/s]',
    ];
    expect(marksOf(bytesOf(`${bars.join('\n')}\n`))).toEqual([]);
  });
});

describe('the ranks of one job on one terminal', () => {
  it.each([
    ['torchrun', (rank: number) => `[rank${rank}]: `],
    ['torchrun --tee', (rank: number) => `[default${rank}]:`],
    ['mpirun --tag-output', (rank: number) => `[1,${rank}]<stdout>:`],
    ['srun -l', (rank: number) => `${rank}: `],
    ['nothing', () => ''],
  ] as const)('marked by %s count their steps once', (_launcher, prefix) => {
    let text = '';
    for (let step = 1; step <= 100; step++)
      for (const rank of [2, 0, 3, 1]) text += `${prefix(rank)}step ${step} loss ${(1 / step).toFixed(3)}\n`;
    const marks = marksOf(bytesOf(text));
    expect(last(marks, 'step')).toBe(100);
    const steps = marks.filter(({ kind }) => kind === 'step').map(({ value }) => value ?? 0);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(new Set(steps).size).toBe(steps.length);
  });

  it('with a bar each, some a little behind, count an epoch once', () => {
    let text = '';
    for (let epoch = 1; epoch <= 3; epoch++)
      for (let done = 0; done <= 50; done += 10)
        for (const late of [0, 10])
          text += `Epoch ${epoch}: ${2 * Math.max(0, done - late)}%|███| ${Math.max(0, done - late)}/50 [00:01<00:01, 9.9it/s]\n`;
    const marks = marksOf(bytesOf(text));
    expect(epochsOf(marks)).toEqual([
      [1, 50],
      [2, 100],
      [3, 150],
    ]);
  });
});

describe("a user's own pattern", () => {
  it('is read before all that is known, its groups as counts and metrics', () => {
    const own = createPatternReader('done (?<step>\\d+) of .*acc (?<accuracy>[\\d.]+)', () => {});
    const marks = marksOf(bytesOf('done 7 of 9, acc 0.81\nstep 3\n'), { readers: [own, ...outputReaders] });
    expect(marks).toMatchObject([
      { kind: 'step', value: 7, source: 'log:pattern' },
      { kind: 'accuracy', value: 0.81, step: 7 },
      { kind: 'step', value: 3, source: 'log:generic' },
    ]);
  });

  it('that would take for ever is given up, and says so', () => {
    let isTold = false;
    const own = createPatternReader('(?<step>(a+)+)$', () => {
      isTold = true;
    });
    const reader = own.create();
    const line = { text: `${'a'.repeat(40)}!`, atMs: 0 };
    expect(reader.read(line)).toBeNull();
    expect(isTold).toBe(true);
    expect(reader.read({ text: 'aaa', atMs: 0 })).toBeNull();
  });

  it.each(['(', 'step (\\d+)'])('%s is refused: it cannot be read, or names nothing', (text) => {
    expect(() => createPatternReader(text, () => {})).toThrow(expect.objectContaining({ code: 'contract/invalid' }));
  });
});

describe('an output that comes fast', () => {
  it('is thinned out to two marks a second, and the last count is always told', () => {
    let text = '';
    for (let step = 1; step <= 10_000; step++) text += `step ${step} loss 0.1\n`;
    // 176 KB in pieces of 1 KB, 10 ms each: 1.8 s.
    const steps = marksOf(bytesOf(text), { pieceBytes: 1024 }).filter(({ kind }) => kind === 'step');
    expect(steps.length).toBeLessThan(7);
    expect(steps.at(-1)?.value).toBe(10_000);
  });

  // A million of them: npm run fuzz.
  it('of any lines never throws', { timeout: 60_000 }, () => {
    const parts = [
      '\u001b[31m',
      '\r',
      '\b\b',
      'step',
      '=',
      '12',
      ' epoch ',
      '%|',
      '█',
      '| 5/10 [',
      '\n',
      "{'loss':",
      '9'.repeat(50),
      '}',
      '[rank3]: ',
    ];
    let seed = 7;
    const next = (): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed >>> 8;
    };
    const made = createOutputMarks({
      readers: outputReaders,
      onMark: ({ value }) => expect(Number.isFinite(value)).toBe(true),
    });
    const stream = made.stream();
    for (let i = 0; i < 60; i++) {
      let text = '';
      for (let j = 0; j < 1000; j++)
        text += `${parts[next() % parts.length]}${parts[next() % parts.length]}${j % 7 === 0 ? '' : '\n'}`;
      const bytes = bytesOf(text);
      if (i % 3 === 0) bytes[next() % bytes.length] = 0xff;
      stream.push(bytes, i);
    }
    stream.finish(1000);
    made.finish(1000);
  });
});
