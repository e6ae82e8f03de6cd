import { setFlagsFromString } from 'node:v8';

/**
 * V8 as it suits a process that does a little every second for weeks. Its optimising compilers never earn back what they cost there: without them
 * the engine stays some 12 MiB smaller and needs no more CPU time (`npm run bench:overhead`). A young generation that does not grow to 16 MiB for
 * the garbage of a minute saves the rest. https://v8.dev/docs/embed has no list of these flags; `node --v8-options` has.
 */
const leanFlags = ['--semi-space-growth-factor=1', '--no-opt', '--no-maglev'] as const;

/** For the commands that measure and wait. Those that read the record and end are better off with a fast V8. */
export function keepProcessLean(): void {
  for (const flag of leanFlags) setFlagsFromString(flag);
}
