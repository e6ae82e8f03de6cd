import { closeSync, openSync, readSync } from 'node:fs';
import { readText } from './procfs.ts';

/** Files below /proc are made anew at every read, so a descriptor that is kept gives the present content for one system call in place of four. */
const descriptors = new Map<string, number>();
/** A process may open some thousand files; those of more processes than this are opened for each read. */
const mostDescriptors = 400;
/** What is longer is cut there. */
export const mostKernelCharacters = 8192;
const buffer = Buffer.alloc(mostKernelCharacters);

/** Whether paths lead to the kernel's own files. Elsewhere (a test's folder) a file may be replaced, and a descriptor would keep the old one. */
export const isKernels = (path: string): boolean => path.startsWith('/proc/');

/**
 * The first 8 KiB of a file that is read again and again. A process's file stays that process's: null once it has ended, whatever has its pid by then.
 */
export const readKernelFile = (path: string): string | null => readKernel(path, (length) => length);

/** The first line of such a file, where that is all that is asked for; elsewhere than the kernel's own files lie, all of it. */
export const readKernelLine = (path: string): string | null =>
  readKernel(path, (length) => {
    const newline = buffer.indexOf('\n');
    return newline < 0 || newline > length ? length : newline;
  });

/** `endOf`: how much of what was read is wanted. */
function readKernel(path: string, endOf: (length: number) => number): string | null {
  if (!isKernels(path)) return readText(path);
  const known = descriptors.get(path);
  if (known === undefined && descriptors.size >= mostDescriptors) return readText(path);
  try {
    const descriptor = known ?? openSync(path, 'r');
    descriptors.set(path, descriptor);
    return buffer.toString('latin1', 0, endOf(readSync(descriptor, buffer, 0, buffer.length, 0)));
  } catch {
    forgetKernelFile(path);
    return null;
  }
}

export function forgetKernelFile(path: string): void {
  const descriptor = descriptors.get(path);
  if (descriptor === undefined) return;
  descriptors.delete(path);
  try {
    closeSync(descriptor);
  } catch {
    // It was closed by whoever opened and closed everything; nothing is left to close.
  }
}
