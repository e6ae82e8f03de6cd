import { isPython, launcherModules, launchers, programOf, servers, shells, wrappers } from './programs.ts';

/** What a command line does, once the programs that only start others are taken off its front. */
export interface Work {
  /** Those programs, outermost first: ['srun', 'torchrun']. */
  readonly launchers: readonly string[];
  /** 'python' for a Python script or module; else the program's name as `programOf` gives it. */
  readonly program: string;
  /** Path of the script it runs. */
  readonly script: string | null;
  /** Module that Python runs with -m. */
  readonly module: string | null;
  /** Text that is run with -c. */
  readonly code: string | null;
  /** What follows. */
  readonly rest: readonly string[];
}

const mostLaunchers = 16;
/** A command line of 64 KiB may have thirty thousand words; what it does is told by the first of them. */
const mostWords = 1000;
const scriptEnding = /\.(py|ipynb|sh|jl|R|js|ts)$/;
/** They take `-m pkg.train` as Python does; for others (numactl) it means something else. */
const takesModules = new Set([
  'torchrun',
  'accelerate',
  'accelerate-launch',
  'deepspeed',
  'horovodrun',
  'debugpy',
  'kernprof',
  'pdb',
  'coverage',
]);
/** Prompts of Python's that run a script too: what they are given is Python's. */
export const pythonPrompts = new Set(['ipython', 'bpython', 'ptpython']);
/** Options of Python that are followed by a word of their own. */
const pythonOptionsWithValue = new Set(['-W', '-X', '--check-hash-based-pycs']);

/** Reads argv; words that make no sense give a work with an empty program. Reads each word a few times at most. */
export function readWork(argv: readonly string[]): Work {
  const passed: string[] = [];
  let words: readonly string[] = argv.slice(0, mostWords);
  for (let i = 0; i < mostLaunchers; i++) {
    const [first = '', ...rest] = words;
    const program = programOf(first);
    if (isPython(program)) {
      const python = readPython(rest);
      const launcher = python.module === null ? undefined : launcherModules[python.module];
      // A console script, such as /usr/bin/torchrun, is a Python file without an ending.
      const isConsoleScript = python.script !== null && !scriptEnding.test(python.script);
      if (isConsoleScript && pythonPrompts.has(programOf(python.script ?? '')))
        return { launchers: passed, ...readPrompt(programOf(python.script ?? ''), python.rest) };
      if (launcher === undefined && !isConsoleScript) return { ...python, launchers: passed };
      words = launcher === undefined ? [python.script ?? '', ...python.rest] : [launcher, ...python.rest];
      if (launcher === undefined && !isLauncher(programOf(words[0] ?? '')))
        return { ...python, launchers: passed, program: programOf(python.script ?? '') };
      continue;
    }
    if (pythonPrompts.has(program)) return { launchers: passed, ...readPrompt(program, rest) };
    if (!isLauncher(program)) return { launchers: passed, ...plainWork(program, rest) };
    passed.push(program);
    const next = afterLauncher(program, rest);
    if (next === null) return { launchers: passed, program, script: null, module: null, code: null, rest };
    words = next;
  }
  return { launchers: passed, ...plainWork('', []) };
}

const isLauncher = (program: string): boolean =>
  launchers.has(program) || wrappers.has(program) || Object.values(launcherModules).includes(program);

/** What a launcher starts: the first word after its options that is a program, a script or a module. Options of its own may have values, so words are known by what they are. */
function afterLauncher(launcher: string, rest: readonly string[]): readonly string[] | null {
  // `trl vllm-serve --model PATH`
  if (servers.has(programOf(rest[0] ?? ''))) return rest;
  for (const [i, word] of rest.entries()) {
    const next = rest[i + 1];
    if ((word === '-m' || word === '--module') && takesModules.has(launcher) && next !== undefined)
      return ['python', '-m', ...rest.slice(i + 1)];
    if (word.startsWith('-')) continue;
    const program = programOf(word);
    if (isPython(program) || isLauncher(program) || shells.has(program)) return rest.slice(i);
    if (/\.py$/.test(word)) return ['python', ...rest.slice(i)];
    if (scriptEnding.test(word)) return rest.slice(i);
  }
  // A program of nobody's list: the first path, else the first word that is no option and does not stand behind one.
  const i = rest.findIndex((word) => /^\.{0,2}[\\/]/.test(word) && !word.startsWith('-'));
  const j = rest.findIndex(
    (word, k) => !word.startsWith('-') && !word.includes('=') && !(rest[k - 1] ?? '').startsWith('-'),
  );
  const found = i >= 0 ? i : j;
  return found < 0 ? null : rest.slice(found);
}

/**
 * With a script, a module or code it is Python that runs these, and ends; not where it is to stay (-i), nor a kernel. Its own options may have values: a script
 * is known by its ending.
 */
function readPrompt(program: string, rest: readonly string[]): Omit<Work, 'launchers'> {
  const at = rest.findIndex((word) => /^-[mc]$/.test(word) || /\.(py|ipy|ipynb)$/.test(word));
  const stays =
    rest[0] === 'kernel' || rest.slice(0, Math.max(0, at)).some((word) => /^(-i|--interactive)$/.test(word));
  if (at >= 0 && !stays) return readPython(rest.slice(at));
  return { program, script: null, module: null, code: null, rest };
}

function readPython(rest: readonly string[]): Omit<Work, 'launchers'> {
  const work = { program: 'python', script: null, module: null, code: null, rest: [] as readonly string[] };
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? '';
    if (/^-[a-zA-Z]*m$/.test(word)) return { ...work, module: rest[i + 1] ?? null, rest: rest.slice(i + 2) };
    if (/^-[a-zA-Z]*c$/.test(word)) return { ...work, code: rest[i + 1] ?? '', rest: rest.slice(i + 2) };
    // A program from its input, as a shell's here-document gives it.
    if (word === '-') return { ...work, code: '', rest: rest.slice(i + 1) };
    if (pythonOptionsWithValue.has(word)) i++;
    else if (!word.startsWith('-')) return { ...work, script: word, rest: rest.slice(i + 1) };
  }
  return work;
}

function plainWork(program: string, rest: readonly string[]): Omit<Work, 'launchers'> {
  const code = shells.has(program) ? rest.findIndex((word) => /^-[a-z]*c$/.test(word)) : -1;
  if (code >= 0) return { program, script: null, module: null, code: rest[code + 1] ?? '', rest: rest.slice(code + 2) };
  const script = shells.has(program)
    ? rest.find((word) => !word.startsWith('-'))
    : // R is told its script by an option: `--file=train.R`.
      rest.find((word) => scriptEnding.test(word))?.replace(/^--?file=/, '');
  return { program, script: script ?? null, module: null, code: null, rest };
}
