import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markFileReaders } from '../../../engine/output/files/registry.ts';
import { createOutputMarks } from '../../../engine/output/output-marks.ts';
import { outputReaders } from '../../../engine/output/readers/registry.ts';
import type { MarkInput } from '../../../shared/model/progress.ts';
import { markInputSchema } from '../../../shared/model/progress.ts';
import type { Random } from '../random.ts';
import { BrokenRule, type FuzzSubject } from '../subject.ts';

const folder = join(import.meta.dirname, '../../../engine/output/recordings');
const recordings =
  (...names: readonly string[]) =>
  (): readonly string[] =>
    names.map((name) => readFileSync(join(folder, name), 'latin1'));

/** In pieces of any size: a read ends where it ends. */
function* piecesOf(text: string, random: Random): Generator<Uint8Array, undefined> {
  const bytes = Buffer.from(text, 'latin1');
  for (let from = 0; from < bytes.length; ) {
    const length = 1 + random.below(4000);
    yield bytes.subarray(from, from + length);
    from += length;
  }
  return undefined;
}

/** Marks of an output; each is one that the engine takes, and no count falls but to begin anew. */
function readOutput(text: string, random: Random): readonly MarkInput[] {
  const marks: MarkInput[] = [];
  const made = createOutputMarks({ readers: outputReaders, onMark: (mark) => marks.push(mark) });
  const stream = made.stream();
  let atMs = 0;
  for (const piece of piecesOf(text, random)) {
    atMs += 700;
    stream.push(piece, atMs);
  }
  stream.finish(atMs);
  made.finish(atMs);
  for (const mark of marks)
    if (!markInputSchema.safeParse(mark).success) throw new BrokenRule(`no mark: ${JSON.stringify(mark)}`);
  return marks;
}

export const outputSubjects: readonly FuzzSubject[] = [
  {
    id: 'output',
    seeds: recordings(
      'hf-trainer.pipe.out',
      'keras.terminal.out',
      'tqdm-nested.pipe.out',
      'tqdm-outer.pipe.out',
      'nanogpt.pipe.out',
      'mnist.pipe.out',
    ),
    run: readOutput,
  },
  ...markFileReaders.map(
    (reader): FuzzSubject => ({
      id: `mark-file/${reader.id}`,
      seeds: recordings('hf-trainer.tfevents', 'loop.wandb', 'trainer_state.json'),
      run(text, random) {
        const file = reader.create(0);
        if (reader.kind === 'whole') return file.push(Buffer.from(text, 'latin1'));
        return [...piecesOf(text, random)].flatMap((piece) => file.push(piece));
      },
    }),
  ),
];
