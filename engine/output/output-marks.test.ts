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

  it.each([
    ['Step 1: install', 'Step 2: configure', 'Step 3: profit'],
    ['Step 3/12 : RUN make', 'Step 4/12 : RUN make', 'Step 5/12 : RUN make'],
    ['See step 12 of the manual', 'iteration 12345 of the design', 'Epoch 1970 is the beginning of time'],
    ['num_samples = 50000', 'tokens: 128', 'Number of tokens: 5'],
    ['Saved model at step 105: best loss 0.2', 'Resuming from step 5000, loss 0.1'],
    ['[Evaluation] [100/500] iter 100 loss 0.4'],
  ])('what only has the words of one is none: %s', (...said) => {
    expect(lines(...said)).toEqual([]);
  });

  it('lines without a metric are of one where several of a shape grow, from the first of them on', () => {
    expect(lines('step 10 is done', 'a line', 'step 20 is done')).toEqual([]);
    const steps = lines('step 10 is done', 'step 20 is done', 'a line', 'step 30 is done');
    expect(steps.map(({ kind, value }) => [kind, value])).toEqual([
      ['step', 10],
      ['step', 30],
    ]);
    expect(last(lines('step 7, skipped=0'), 'step')).toBe(7);
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
      'lightning-rich.terminal.out',
      500,
      [
        [1, 100],
        [2, 200],
        [3, 300],
        [4, 400],
        [5, 500],
      ],
    ],
    // Into a file it is drawn once, at the end.
    ['lightning-rich.pipe.out', 500, [[5, 500]]],
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
    [
      'tqdm-ranks.pipe.out',
      200,
      [
        [1, 50],
        [2, 100],
        [3, 150],
        [4, 200],
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
    expect(last(marksOf(recording('lightning-rich.terminal.out')), 'train_loss')).toBe(1.711);
    expect(last(marksOf(recording('keras.lines.out')), 'val_loss')).toBe(0.1241);
    expect(last(marksOf(recording('nanogpt.pipe.out')), 'val_loss')).toBe(4.3);
  });

  it('of the Trainer before transformers 5, whose numbers are none in quotes', () => {
    const said = [10, 20, 30, 40].map(
      (step) =>
        `{'loss': ${50 / step}, 'grad_norm': 1.0, 'learning_rate': 5e-05, 'epoch': ${step / 20}, 'num_input_tokens_seen': ${step * 1000}}\n`,
    );
    const marks = marksOf(bytesOf(said.join('')), { pieceBytes: 65_536 });
    expect([last(marks, 'loss'), last(marks, 'tokens'), last(marks, 'epoch')]).toEqual([1.25, 40_000, 2]);
    expect(marks.every(({ source }) => source === 'log:hf-trainer')).toBe(true);
  });

  it('of two epochs with lines within them, as in the MNIST example', () => {
    expect(epochsOf(marksOf(recording('mnist.pipe.out')))).toEqual([
      [1, null],
      [2, null],
    ]);
  });

  it('of a training that is resumed says first what was done before', () => {
    const marks = marksOf(recording('hf-trainer-resumed.pipe.out'));
    expect(marks.find(({ kind }) => kind === 'step')).toMatchObject({ value: 200, step: 0 });
    expect(epochsOf(marks)).toEqual([
      [2, 0],
      [3, 300],
      [4, 400],
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
    ['step 1.1k | tokens: 5.0M | loss 2.1', { step: 1100, tokens: 5_000_000, loss: 2.1 }],
    ['step 5_000 | tokens: 1.2B | loss 2.1', { step: 5000, tokens: 1_200_000_000 }],
    ['step 5ms late: loss 0.1', { step: 5 }],
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

  it.each([
    ['samples', 'img', '19200'],
    ['samples', 'sample', '19200'],
    ['samples', 'examples', '19.2k'],
    ['tokens', 'tok', '19.2k'],
    ['tokens', 'tokens', '19200'],
  ] as const)('a bar counts %s where its unit is %s', (kind, unit, total) => {
    let text = '';
    for (const _epoch of [1, 2])
      for (const done of ['0', '9600', total])
        text += `\rTraining: 50%|███| ${done}/${total} [00:01<00:01, 9.90${unit}/s, loss=0.5]`;
    const marks = marksOf(bytesOf(`${text}\n`));
    // Twice over 19,200 of them.
    expect([last(marks, kind), last(marks, 'step')]).toEqual([38_400, undefined]);
    expect(epochsOf(marks)).toEqual([
      [1, null],
      [2, null],
    ]);
  });

  const bars = (label: string, total = 100): string =>
    [0, 50, total].map((done) => `\r${label}: 50%|███| ${done}/${total} [00:01<00:01, 9.9it/s]`).join('');

  it.each(['Training generator', 'Epoch 1 (best val 0.12)', 'Training (uniform sampling)', 'Fine-tuning latest-model'])(
    'a bar of a training has words of others in its label: %s',
    (label) => {
      expect(last(marksOf(bytesOf(`${bars(label)}\n`)), 'step')).toBe(100);
    },
  );

  it.each(['Epoch 1 [val]', 'Validation epoch 1', 'Generating train split', 'Epoch 2 evaluation'])(
    'and one of others has those of a training: %s',
    (label) => {
      expect(marksOf(bytesOf(`${bars(label)}\n`))).toEqual([]);
    },
  );

  it("a bar's epochs may be of different lengths", () => {
    const text = [100, 98, 101].map((total, i) => `${bars(`Epoch ${i + 1}`, total)}${bars(`Epoch ${i + 1}`, 20)}`);
    expect(epochsOf(marksOf(bytesOf(`${text.join('')}\n`)))).toEqual([
      [1, 100],
      [2, 198],
      [3, 299],
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

describe('a training that begins at a later epoch', () => {
  it.each([
    ['lines', (epoch: number, step: number) => `Epoch [${epoch}/7], Step [${step}/100], Loss: 0.3\n`],
    ['bars', (epoch: number, step: number) => `\rEpoch ${epoch}: ${step}%|███| ${step}/100 [00:01<00:01, 9.9it/s]`],
  ] as const)('says in %s what was done before, and ends even one epoch', (_what, stateOf) => {
    for (const to of [5, 7]) {
      let text = '';
      for (let epoch = 5; epoch <= to; epoch++)
        for (let step = 10; step <= 100; step += 10) text += stateOf(epoch, step);
      const done = [4, 5, 6, 7].slice(0, to - 3);
      expect(epochsOf(marksOf(bytesOf(`${text}\n`)))).toEqual(done.map((epoch) => [epoch, (epoch - 4) * 100]));
    }
  });
});

describe('a second training of the same run', () => {
  it.each([
    ['with steps in each', (epoch: number, step: number) => `Epoch ${epoch} Step ${step} loss 0.3\n`, 50],
    ['of a line each', (epoch: number, step: number) => (step === 50 ? `Epoch ${epoch} - loss: 0.3\n` : ''), null],
  ] as const)('goes on counting epochs %s', (_what, line, steps) => {
    let text = '';
    for (const _training of [1, 2])
      for (const epoch of [1, 2]) for (let step = 1; step <= 50; step++) text += line(epoch, step);
    expect(epochsOf(marksOf(bytesOf(text)))).toEqual(
      [1, 2, 3, 4].map((epoch) => [epoch, steps === null ? null : epoch * steps]),
    );
  });

  it('may be of one epoch, as trials are', () => {
    let text = '';
    for (let trial = 0; trial < 10; trial++)
      for (let step = 1; step <= 20; step++) text += `Epoch 1 Step ${step} loss 0.3\n`;
    const marks = marksOf(bytesOf(text));
    expect([last(marks, 'epoch'), last(marks, 'step')]).toEqual([10, 200]);
  });

  it('is one of the Trainer', () => {
    const bar = (step: number): string => `\r 50%|███| ${step}/40 [00:01<00:01, 9.9it/s]`;
    let text = '';
    for (const _training of [1, 2]) {
      for (let step = 0; step <= 40; step += 10)
        text += `${step === 0 ? '' : `\n{'loss': 2.1, 'epoch': ${step / 20}}\n`}${bar(step)}`;
      text += "\n{'train_runtime': 10.0, 'train_loss': 2.0, 'epoch': 2.0}\n";
    }
    const marks = marksOf(bytesOf(text));
    expect(last(marks, 'step')).toBe(80);
    expect(epochsOf(marks.filter(({ source }) => source === 'log:hf-trainer'))).toEqual([
      [1, 20],
      [2, 40],
      [3, 60],
      [4, 80],
    ]);
  });

  it('is one whose bars name the epochs of the first', () => {
    let text = '';
    for (const _training of [1, 2])
      for (const epoch of [1, 2])
        for (const done of [0, 25, 50]) text += `\rEpoch ${epoch}: 50%|███| ${done}/50 [00:01<00:01, 9.9it/s]`;
    expect(epochsOf(marksOf(bytesOf(`${text}\n`)))).toEqual([1, 2, 3, 4].map((epoch) => [epoch, epoch * 50]));
  });

  it('is one that Keras fits', () => {
    const fit = [1, 2, 3].flatMap((epoch) => [
      `Epoch ${epoch}/3`,
      ...[1, 10, 20].map((step) => `${step}/20 ━━━━━━━━━ 0s 4ms/step - loss: 0.5`),
    ]);
    expect(epochsOf(marksOf(bytesOf(`${[...fit, ...fit].join('\n')}\n`)))).toEqual(
      [1, 2, 3, 4, 5, 6].map((epoch) => [epoch, epoch * 20]),
    );
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

  /** What ranks print, each so many lines behind the one before. */
  function lagging(lines: readonly string[], ranks: number, behind: number): readonly (readonly [number, string])[] {
    return Array.from({ length: lines.length + behind * (ranks - 1) }, (_, i) => i).flatMap((i) =>
      Array.from({ length: ranks }, (__, rank) => [rank, lines[i - rank * behind]] as const).flatMap(([rank, line]) =>
        line === undefined ? [] : [[rank, line] as const],
      ),
    );
  }
  const threeEpochs = [
    [1, 100],
    [2, 200],
    [3, 300],
  ];
  const inThree = (lineOf: (epoch: number, step: number) => string, from = 1): readonly string[] =>
    [1, 2, 3].flatMap((epoch) => Array.from({ length: 101 - from }, (_, i) => lineOf(epoch, i + from)));

  it.each([
    ['torchrun', (rank: number) => `[rank${rank}]: `],
    ['torchrun --tee', (rank: number) => `[default${rank}]:`],
    ['srun -l', (rank: number) => `${rank}: `],
    ['nothing', () => ''],
  ] as const)(
    'marked by %s, a line behind where a step begins anew every epoch, count it once',
    (_launcher, prefix) => {
      const said = inThree((epoch, step) => `Epoch ${epoch} Step ${step} loss 0.3`);
      const marks = marksOf(
        bytesOf(
          lagging(said, 2, 1)
            .map(([rank, line]) => `${prefix(rank)}${line}\n`)
            .join(''),
        ),
      );
      expect(last(marks, 'step')).toBe(300);
      expect(epochsOf(marks)).toEqual(threeEpochs);
    },
  );

  it('without a mark or an epoch, a line behind where a step begins anew, count it once', () => {
    const said = inThree((_epoch, step) => `step ${step} loss 0.3`);
    for (const ranks of [2, 4]) {
      const marks = marksOf(
        bytesOf(
          `${lagging(said, ranks, 2)
            .map(([, line]) => line)
            .join('\n')}\n`,
        ),
      );
      expect(last(marks, 'step')).toBe(300);
    }
  });

  it('with a bar each, four of them three states apart, count a pass once', () => {
    const said = inThree((_epoch, step) => `${step}%|███| ${step}/100 [00:01<00:01, 9.9it/s]`, 0);
    const marks = marksOf(
      bytesOf(
        `\r${lagging(said, 4, 3)
          .map(([, line]) => line)
          .join('\r')}\n`,
      ),
    );
    expect(epochsOf(marks)).toEqual(threeEpochs);
  });

  it("of Keras, three lines apart, count an epoch's steps once", () => {
    const said = [1, 2, 3].flatMap((epoch) => [
      `Epoch ${epoch}/3`,
      ...Array.from({ length: 20 }, (_, i) => `${i + 1}/20 ━━━━━━━━━ 0s 4ms/step - loss: 0.5`),
    ]);
    const marks = marksOf(
      bytesOf(
        `${lagging(said, 2, 3)
          .map(([, line]) => line)
          .join('\n')}\n`,
      ),
    );
    expect(epochsOf(marks)).toEqual([
      [1, 20],
      [2, 40],
      [3, 60],
    ]);
  });

  it('a pass that is drawn in its first and last state, after a slow one, is none of another rank', () => {
    const bar = (done: number, seconds: number): string =>
      `\r${done}%|███| ${done}/100 [00:0${seconds}<00:01, 9.9it/s]`;
    const slow = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((part) => bar(part * 10, part)).join('');
    const marks = marksOf(bytesOf(`${slow}${bar(100, 9)}\n${bar(0, 0)}${bar(100, 0)}\n`));
    expect(epochsOf(marks)).toEqual(threeEpochs.slice(0, 2));
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
    const marks = marksOf(bytesOf('done 7 of 9, acc 0.81\nstep 3 loss 0.5\n'), { readers: [own, ...outputReaders] });
    expect(marks).toMatchObject([
      { kind: 'step', value: 7, source: 'log:pattern' },
      { kind: 'accuracy', value: 0.81, step: 7 },
      { kind: 'step', value: 3, source: 'log:generic' },
      { kind: 'loss', value: 0.5, source: 'log:generic' },
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
