import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ReadMark } from '../reader.ts';
import { crc32c } from './crc32c.ts';
import { markFileReaders } from './registry.ts';
import { tensorboardFile } from './tensorboard.ts';
import { trainerStateFile } from './trainer-state.ts';
import { wandbFile } from './wandb.ts';

const recording = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, '../recordings', name));
const last = (marks: readonly ReadMark[], kind: string): ReadMark | undefined =>
  marks.findLast((mark) => mark.kind === kind);

/** What a file tells that grows by so many bytes from one look to the next. */
function grown(reader: typeof tensorboardFile, bytes: Uint8Array, by: number): readonly ReadMark[] {
  const file = reader.create(0);
  const marks: ReadMark[] = [];
  for (let from = 0; from < bytes.length; from += by) marks.push(...file.push(bytes.subarray(from, from + by)));
  return marks;
}

it('has checksums as RFC 3720, B.4, gives them', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
});

describe("TensorBoard's event files", () => {
  it("of Hugging Face's Trainer: 48 steps, 3 epochs, at their own times", () => {
    for (const by of [1, 1000, 1e6]) {
      const marks = grown(tensorboardFile, recording('hf-trainer.tfevents'), by);
      expect(last(marks, 'step')).toMatchObject({ value: 48 });
      expect(last(marks, 'epoch')).toMatchObject({ value: 3, step: 48 });
      const times = marks.map((mark) => mark.atMs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(new Date(times[0] ?? 0).getUTCFullYear()).toBe(2026);
    }
  });

  it('of Lightning, which counts from 0: 96 steps', () => {
    expect(last(grown(tensorboardFile, recording('lightning.tfevents'), 500), 'step')).toMatchObject({ value: 96 });
  });

  it('are read up to where they are damaged', () => {
    const bytes = Uint8Array.from(recording('hf-trainer.tfevents'));
    const whole = grown(tensorboardFile, bytes, 1e6).length;
    // The length of the 20th record: nothing behind it can be told apart.
    let at = 0;
    for (let record = 1; record < 20; record++) at += 16 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
    bytes[at] = (bytes[at] ?? 0) ^ 0x55;
    const marks = grown(tensorboardFile, bytes, 1e6);
    expect(marks.length).toBeLessThan(whole);
    expect(marks.length).toBeGreaterThan(5);
  });
});

describe("W&B's files of offline runs", () => {
  it('of a loop of 20 steps', () => {
    for (const by of [1, 700, 1e6]) {
      const marks = grown(wandbFile, recording('loop.wandb'), by);
      expect(marks.filter((mark) => mark.kind === 'step').map((mark) => mark.value)).toEqual(
        Array.from({ length: 20 }, (_, i) => i + 1),
      );
      expect(last(marks, 'loss')?.value).toBe(0.05);
    }
  });

  it('are left alone where they are something else', () => {
    expect(grown(wandbFile, new TextEncoder().encode('not one of them at all'), 5)).toEqual([]);
  });
});

describe('trainer_state.json', () => {
  it('says step, epoch and loss at the time it was written', () => {
    expect(trainerStateFile.create(77).push(recording('trainer_state.json'))).toMatchObject([
      { kind: 'step', value: 48, atMs: 77 },
      { kind: 'epoch', value: 3, step: 48 },
      { kind: 'loss' },
    ]);
  });

  it.each(['', '{"global_step": 4', '[]', '{"global_step": "4"}'])('%s is no state', (text) => {
    expect(trainerStateFile.create(0).push(new TextEncoder().encode(text))).toEqual([]);
  });

  it('tells no loss that is no number, as 1e999, but the newest one that is', () => {
    const text = '{"global_step": 3, "log_history": [{"loss": 0.5}, {"loss": 1e999}, {"loss": "nan"}]}';
    expect(trainerStateFile.create(0).push(new TextEncoder().encode(text))).toMatchObject([
      { kind: 'step', value: 3 },
      { kind: 'loss', value: 0.5 },
    ]);
  });
});

describe('any bytes in such a file', () => {
  it.each(markFileReaders)('$id: never throw, and give finite numbers', (reader) => {
    const seeds = ['hf-trainer.tfevents', 'loop.wandb', 'trainer_state.json'].map(recording);
    let seed = 3;
    for (let i = 0; i < 400; i++) {
      const bytes = Uint8Array.from(seeds[i % seeds.length] ?? []);
      for (let j = 0; j < 1 + (i % 9); j++) {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        bytes[seed % bytes.length] = seed >>> 16;
      }
      for (const mark of reader.create(0).push(bytes)) expect(Number.isFinite(mark.atMs)).toBe(true);
    }
  });
});
