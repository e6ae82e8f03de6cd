import type { ReadMark } from './reader.ts';

/** Reads one file as it grows. */
export interface FileMarks {
  /** More of it, in order. */
  push(bytes: Uint8Array): readonly ReadMark[];
}

/** A kind of file that training programs write and marks are read from. Pure: bytes in, marks out. */
export interface MarkFileReader {
  /** A part of a mark's source: `file:ID`. */
  readonly id: string;
  readonly isOwn: (fileName: string) => boolean;
  /** `grows`: what is read stays as it is, and more is appended; `whole`: it is written anew each time. */
  readonly kind: 'grows' | 'whole';
  /** `modifiedMs`: Unix, when it was last written; for what says no time itself. */
  create(modifiedMs: number): FileMarks;
}

/** Bytes that came in pieces of any size, taken from the front. */
export interface ByteQueue {
  push(bytes: Uint8Array): void;
  /** Null where there are not so many yet. */
  peek(length: number): Uint8Array | null;
  drop(length: number): void;
}

export function createByteQueue(): ByteQueue {
  let held: Uint8Array = new Uint8Array(0);
  return {
    push(bytes) {
      const joined = new Uint8Array(held.length + bytes.length);
      joined.set(held);
      joined.set(bytes, held.length);
      held = joined;
    },
    peek: (length) => (held.length < length ? null : held.subarray(0, length)),
    drop(length) {
      held = held.subarray(length);
    },
  };
}
