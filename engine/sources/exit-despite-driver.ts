import { threadsInDriver } from './nvml/native-calls.ts';
import { loadKoffi } from './nvml/nvml-library.ts';

/**
 * Ends this process with `code`. Node's own way waits for the threads of its pool, and one that is in a hung driver, in a call or in the read of a kernel's file,
 * never comes back: where there is one, the C library ends the process instead. Whatever is to be closed or written must have been.
 */
export function exitDespiteDriver(code: number): never {
  if (threadsInDriver() > 0 || isReadingFiles()) exitByC(code);
  process.exit(code);
}

const isReadingFiles = (): boolean => process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));

function exitByC(code: number): void {
  const koffi = loadKoffi();
  try {
    if (process.platform === 'win32') {
      const kernel = koffi?.load('kernel32.dll');
      const self = kernel?.func('void *GetCurrentProcess()')();
      kernel?.func('bool TerminateProcess(void *, uint)')(self, code);
    } else koffi?.load(process.platform === 'darwin' ? 'libSystem.dylib' : 'libc.so.6').func('void _exit(int)')(code);
  } catch {
    // No C library under that name (musl): Node's exit will have to do.
  }
}
