import { spawnSync } from 'node:child_process';

export interface Python {
  readonly command: string;
}

/** A Python that can import all of these: WATTRUN_TEST_PYTHON, else python3; a sentence that says what is missing where there is none. */
export function findPython(modules: readonly string[]): Python | string {
  const command = process.env.WATTRUN_TEST_PYTHON ?? 'python3';
  const missing = modules.filter((name) => spawnSync(command, ['-c', `import ${name}`]).status !== 0);
  return missing.length === 0 ? { command } : `${command} has no ${missing.join(', ')}`;
}

/** What a Python program prints as JSON. Its text after `import json, sys`; `sys.argv[1:]` are the arguments. */
export function runPython({ command }: Python, program: string, args: readonly string[]): unknown {
  const ended = spawnSync(command, ['-c', `import json, sys\n${program}`, ...args], { encoding: 'utf8' });
  if (ended.status !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout);
}

/** To end a test's name with: why it is skipped, where it is. */
export const reasonOf = (found: Python | string): string => (typeof found === 'string' ? ` (skipped: ${found})` : '');
