import { createRequire } from 'node:module';

/** What Node has no call for: a pipe with both ends, and a terminal. */
export interface Libc {
  /** [to read from, to write to]. */
  openPipe(): readonly [number, number];
  /** A terminal set as another one is, but that it hands on every byte as it is: our end, and what programs write to. */
  openTerminal(like: number): { readonly ours: number; readonly theirs: number; readonly name: string };
  /** How a terminal is set, asked at either end: its `struct termios`. Null where it has none. */
  modesOf(fd: number): Uint8Array | null;
  /** Sets a terminal as another one is, all but what it does with output. Does nothing while our job is not in the foreground there. */
  setModes(fd: number, modes: Uint8Array): void;
  /** Whether a terminal that is set so gives each key at once, and not whole lines. */
  isByKey(modes: Uint8Array): boolean;
  /** Whether our job has that terminal: it may read what is typed there. */
  isInForeground(fd: number): boolean;
  resize(terminal: number, size: { readonly columns: number; readonly rows: number }): void;
  close(fd: number): void;
}

/** TIOCSWINSZ of <asm-generic/ioctls.h> and of macOS's <sys/ttycom.h>; O_RDWR | O_NOCTTY; bytes of a tcflag_t, of which c_oflag is the second and c_lflag the fourth; OPOST; ICANON. */
const constants = {
  linux: { setSize: 0x5414, openTerminal: 0o2 | 0o400, flagBytes: 4, processOutput: 0x1, canonical: 0x2 },
  darwin: { setSize: 0x80087467, openTerminal: 0x2 | 0x20000, flagBytes: 8, processOutput: 0x1, canonical: 0x100 },
} as const;
/** More than a `struct termios` of any system takes. */
const termiosBytes = 256;

/** The C library through koffi; null where there is none such (Windows), or koffi does not load. */
export function loadLibc(platform: string = process.platform): Libc | null {
  if (platform !== 'linux' && platform !== 'darwin') return null;
  try {
    return bindLibc(createRequire(import.meta.url)('koffi') as typeof import('koffi'), constants[platform]);
  } catch {
    return null;
  }
}

function bindLibc(koffi: typeof import('koffi'), known: (typeof constants)['linux' | 'darwin']): Libc {
  // The process itself has it loaded.
  const library = koffi.load(null);
  const pipe = library.func('int pipe(_Out_ int *fds)');
  const openPty = library.func('int posix_openpt(int flags)');
  const grant = library.func('int grantpt(int fd)');
  const unlock = library.func('int unlockpt(int fd)');
  const nameOf = library.func('str ptsname(int fd)');
  const open = library.func('int open(str path, int flags)');
  const closeFd = library.func('int close(int fd)');
  const control = library.func('int fcntl(int fd, int command, ...)');
  const ioctl = library.func('int ioctl(int fd, unsigned long request, ...)');
  const getAttributes = library.func('int tcgetattr(int fd, _Out_ uint8_t *termios)');
  const foregroundOf = library.func('int tcgetpgrp(int fd)');
  const ownGroup = library.func('int getpgrp()');
  const setAttributes = library.func('int tcsetattr(int fd, int when, uint8_t *termios)');

  const checked = (result: number, what: string): number => {
    if (result < 0) throw new Error(`${what} failed`);
    return result;
  };
  /** F_SETFD, FD_CLOEXEC: no other program that is started is to hold it open. */
  const keepFromChildren = (fd: number): number => {
    control(fd, 2, 'int', 1);
    return fd;
  };
  const isInForeground = (fd: number): boolean => foregroundOf(fd) === ownGroup();
  const modesOf = (fd: number): Uint8Array | null => {
    const modes = new Uint8Array(termiosBytes);
    return getAttributes(fd, modes) < 0 ? null : modes;
  };
  return {
    openPipe() {
      const fds: [number, number] = [-1, -1];
      checked(pipe(fds), 'pipe');
      return [keepFromChildren(fds[0]), keepFromChildren(fds[1])];
    },
    openTerminal(like) {
      const ours = keepFromChildren(checked(openPty(known.openTerminal), 'posix_openpt'));
      try {
        checked(grant(ours), 'grantpt');
        checked(unlock(ours), 'unlockpt');
        const name: string = nameOf(ours);
        const theirs = keepFromChildren(checked(open(name, known.openTerminal), 'open'));
        const modes = modesOf(like) ?? new Uint8Array(termiosBytes);
        const output = known.flagBytes;
        modes[output] = (modes[output] ?? 0) & ~known.processOutput;
        checked(setAttributes(theirs, 0, modes), 'tcsetattr');
        return { ours, theirs, name };
      } catch (error) {
        closeFd(ours);
        throw error;
      }
    },
    modesOf,
    isByKey(modes) {
      const local = new DataView(modes.buffer, modes.byteOffset).getUint32(3 * known.flagBytes, true);
      return (local & known.canonical) === 0;
    },
    isInForeground,
    setModes(fd, modes) {
      // From the background it would stop us.
      const now = modesOf(fd);
      if (now === null || !isInForeground(fd)) return;
      const next = Uint8Array.from(modes);
      const output = known.flagBytes;
      next.set(now.subarray(output, 2 * output), output);
      setAttributes(fd, 0, next);
    },
    resize(terminal, { columns, rows }) {
      ioctl(terminal, known.setSize, 'uint16_t *', [rows, columns, 0, 0]);
    },
    close: (fd) => void closeFd(fd),
  };
}
