import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';

/**
 * V8 as it suits a process that does a little every second for weeks: its young generation does not grow to 16 MiB to hold a minute's garbage, and
 * TurboFan, which at that pace never earns its keep, stays out of memory (7 MiB); Maglev still compiles what an export or a chart makes hot. The
 * flags: `node --v8-options`; what they save: `npm run bench:overhead`.
 */
const leanFlags = ['--semi-space-growth-factor=1', '--no-opt'] as const;

const firstTrimMs = 30_000;
const trimEveryMs = 10 * 60_000;

/** For the commands that measure and wait, before they begin. Those that read the record and end are better off without. */
export function keepProcessLean(): void {
  for (const flag of leanFlags) setFlagsFromString(flag);
  setTimeout(() => {
    trimHeap();
    setInterval(trimHeap, trimEveryMs).unref();
  }, firstTrimMs).unref();
}

/** glibc keeps what was freed for what may come: 4 MiB of what it took to start, and more after an export. malloc_trim(3) hands it back to the system. */
function trimHeap(): void {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    koffi.load(null).func('int malloc_trim(size_t pad)')(0);
  } catch {
    // Another C library than glibc keeps less, or koffi is not there.
  }
}

/**
 * For a command that lets a million short-lived rows through: 2 MiB of young generation in place of 64, and an old one that is swept before it has more than doubled.
 * What it saves: `npm run bench:export`.
 */
export function keepHeapSmall(): void {
  for (const flag of ['--semi-space-growth-factor=1', '--heap-growing-percent=100']) setFlagsFromString(flag);
}
