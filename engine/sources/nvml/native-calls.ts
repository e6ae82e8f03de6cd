import type { LibraryHandle } from 'koffi';
import { createDriverThreads } from './driver-threads.ts';
import { type Getter, isNoAnswer, type NvmlResult, nvmlCodes } from './nvml-api.ts';

/** Memory for a call to write into: `bytes` is what the driver is given, `view` reads what it wrote. */
export interface Room {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

function createRoom(byteCount: number): Room {
  const memory = new ArrayBuffer(byteCount);
  return { bytes: new Uint8Array(memory), view: new DataView(memory) };
}

/** A native function's arguments in memory of its own, and what to make of them once it has succeeded. For one call at a time. */
export interface Prepared<A extends readonly unknown[], T> {
  readonly argsOf: (...given: A) => readonly unknown[];
  readonly take: () => T;
}

export interface NativeCall {
  readonly isPresent: boolean;
  now(args: readonly unknown[]): number;
  later(args: readonly unknown[]): Promise<number>;
}

const threads = createDriverThreads(Number(process.env.UV_THREADPOOL_SIZE) || 4);

/** Threads of the pool that are in the driver at this moment. */
export const threadsInDriver = (): number => threads.count();

/** At this moment at the latest, calls that wait for one that hangs are begun. */
export const lookAfterWaitingAt = (moment: Promise<unknown>): void => threads.lookAgainAt(moment);

type NativeFunction = ReturnType<LibraryHandle['func']>;

/** Calls on a pool thread, as soon as the device that is asked for may have one. */
function callOnPoolThread(call: NativeFunction, args: readonly unknown[]): Promise<number> {
  return new Promise((resolve, reject) => {
    threads.run(typeof args[0] === 'bigint' ? args[0] : null, (giveBack) => {
      try {
        call.async(...args, (error: Error | null, code: number) => {
          giveBack();
          if (error) reject(error);
          else resolve(code);
        });
      } catch (error) {
        giveBack();
        reject(error);
      }
    });
  });
}

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
        now: (args) => Number(call(...args)),
        later: (args) => callOnPoolThread(call, args),
      };
    } catch {
      // This driver does not have it under this name.
    }
  }
  return absent;
}

interface Slot<A extends readonly unknown[], T> extends Prepared<A, T> {
  readonly rooms: readonly Uint8Array[];
}

const clear = (bytes: Uint8Array): void => {
  bytes.fill(0);
};

/**
 * Calls with memory that is used again: eighty calls a second with memory of their own each were a tenth of what a tick allocates. `prepare` is called once
 * for every call that is under way at the same time; the memory is zeroed before each.
 */
export function getter<A extends readonly unknown[], T>(
  call: NativeCall,
  prepare: (room: (byteCount: number) => Room) => Prepared<A, T>,
): Getter<A, T> {
  const free: Slot<A, T>[] = [];

  function createSlot(): Slot<A, T> {
    const rooms: Uint8Array[] = [];
    const prepared = prepare((byteCount) => {
      const room = createRoom(byteCount);
      rooms.push(room.bytes);
      return room;
    });
    return { ...prepared, rooms };
  }

  function takeSlot(): Slot<A, T> {
    const slot = free.pop() ?? createSlot();
    slot.rooms.forEach(clear);
    return slot;
  }

  /** Only now may another call write there: one that hangs for good keeps its memory. */
  function leave(slot: Slot<A, T>, code: number): NvmlResult<T> {
    const result: NvmlResult<T> =
      code === nvmlCodes.success ? { kind: 'value', value: slot.take() } : { kind: 'code', code };
    free.push(slot);
    return result;
  }

  return {
    isPresent: call.isPresent,
    now(...given) {
      const slot = takeSlot();
      return leave(slot, call.now(slot.argsOf(...given)));
    },
    later(...given) {
      const slot = takeSlot();
      return call.later(slot.argsOf(...given)).then((code) => leave(slot, code));
    },
  };
}

const isUnanswered = (result: NvmlResult<unknown>): boolean => result.kind === 'code' && isNoAnswer(result.code);

/** The second is asked where the driver has no answer to the first. */
export const either = <A extends readonly unknown[], T>(first: Getter<A, T>, second: Getter<A, T>): Getter<A, T> => ({
  isPresent: first.isPresent || second.isPresent,
  now(...args) {
    const result = first.now(...args);
    return isUnanswered(result) ? second.now(...args) : result;
  },
  later: (...args) => first.later(...args).then((result) => (isUnanswered(result) ? second.later(...args) : result)),
});
