import type { LibraryHandle } from 'koffi';
import { createDriverThreads } from './driver-threads.ts';
import { type Getter, type NvmlResult, nvmlCodes } from './nvml-api.ts';

/** Zeroed memory for a call to write into. */
export type Room = (bytes: number) => Buffer;

/**
 * Calls on this thread follow one another, and what they wrote is read before the next: all use this. Eighty calls a second with memory of their own each
 * were a tenth of what a tick allocates.
 */
const shared = Buffer.alloc(16_384);
let sharedBytes = 0;
const roomInShared: Room = (bytes) => {
  const from = sharedBytes;
  // Aligned as the driver's 64-bit numbers want it.
  sharedBytes += Math.ceil(bytes / 8) * 8;
  return sharedBytes > shared.length ? Buffer.alloc(bytes) : shared.subarray(from, from + bytes).fill(0);
};

/** A native function with its arguments ready, and what to make of them once it has succeeded. */
export interface Prepared<T> {
  readonly args: readonly unknown[];
  readonly take: () => T;
}

export interface NativeCall {
  readonly isPresent: boolean;
  now(...args: readonly unknown[]): number;
  later(...args: readonly unknown[]): Promise<number>;
}

const threads = createDriverThreads(Number(process.env.UV_THREADPOOL_SIZE) || 4);

/** Threads of the pool that are in the driver at this moment. */
export const threadsInDriver = (): number => threads.count();

const absent: NativeCall = {
  isPresent: false,
  now: () => nvmlCodes.notSupported,
  later: async () => nvmlCodes.notSupported,
};

/** The first of the names that the library exports; where it has none, a call that answers NOT_SUPPORTED. */
export function declare(native: LibraryHandle, names: readonly string[], parameters: string): NativeCall {
  for (const name of names) {
    try {
      const call = native.func(`int ${name}(${parameters})`);
      return {
        isPresent: true,
        now: (...args) => Number(call(...args)),
        later: (...args) =>
          threads.run(
            typeof args[0] === 'bigint' ? args[0] : null,
            () =>
              new Promise((resolve, reject) => {
                call.async(...args, (error: Error | null, code: number) => (error ? reject(error) : resolve(code)));
              }),
          ),
      };
    } catch {
      // This driver does not have it under this name.
    }
  }
  return absent;
}

export function getter<A extends readonly unknown[], T>(
  call: NativeCall,
  prepare: (room: Room, ...args: A) => Prepared<T>,
): Getter<A, T> {
  const resultOf = (code: number, take: () => T): NvmlResult<T> =>
    code === nvmlCodes.success ? { kind: 'value', value: take() } : { kind: 'code', code };
  return {
    isPresent: call.isPresent,
    now(...given) {
      sharedBytes = 0;
      const { args, take } = prepare(roomInShared, ...given);
      return resultOf(call.now(...args), take);
    },
    async later(...given) {
      const { args, take } = prepare(Buffer.alloc, ...given);
      return resultOf(await call.later(...args), take);
    },
  };
}

/** NOT_SUPPORTED, FUNCTION_NOT_FOUND, DEPRECATED and ARGUMENT_VERSION_MISMATCH: this function will never answer, another may. */
const isNoAnswer = (result: NvmlResult<unknown>): boolean =>
  result.kind === 'code' && [nvmlCodes.notSupported, 13, 25, 26].includes(result.code);

/** The second is asked where the driver has no answer to the first. */
export const either = <A extends readonly unknown[], T>(first: Getter<A, T>, second: Getter<A, T>): Getter<A, T> => ({
  isPresent: first.isPresent || second.isPresent,
  now(...args) {
    const result = first.now(...args);
    return isNoAnswer(result) ? second.now(...args) : result;
  },
  async later(...args) {
    const result = await first.later(...args);
    return isNoAnswer(result) ? second.later(...args) : result;
  },
});
