import { execFile } from 'node:child_process';
import type { AmdSmiAnswer, AmdSmiGpu } from './amd-smi-gpu.ts';
import { refused } from './amd-smi-gpu.ts';
import type { AmdTool } from './find-amd-tool.ts';
import { parseAmdSmi } from './parse-amd-smi.ts';
import { parseRocmSmi } from './parse-rocm-smi.ts';

/** A start of Python and a read take a fraction of this; a hung driver takes for ever. */
export const longestAnswerMs = 5000;

const commands = {
  'amd-smi': {
    metric: ['metric', '--power', '--usage', '--mem-usage', '--temperature', '--clock', '--energy', '--json'],
    static: [
      ['list', '--json'],
      ['static', '--asic', '--bus', '--limit', '--json'],
    ],
  },
  'rocm-smi': {
    metric: [
      '--showpower',
      '--showuse',
      '--showmeminfo',
      'vram',
      '--showtemp',
      '--showclocks',
      '--showenergycounter',
      '--showbus',
      '--showuniqueid',
      '--showmaxpower',
      '--showproductname',
      '--json',
    ],
    static: [],
  },
} as const;

/** What the GPUs measure now. Never throws: a tool that fails, hangs or says something else is refused with a reason. */
export const askMetrics = (tool: AmdTool, signal: AbortSignal): Promise<AmdSmiAnswer> =>
  ask(tool, commands[tool.kind].metric, signal);

/** Names, addresses and limits, which amd-smi tells apart from what it measures; the first command that knows a value gives it. */
export async function askIdentities(tool: AmdTool, signal: AbortSignal): Promise<ReadonlyMap<number, AmdSmiGpu>> {
  const byIndex = new Map<number, AmdSmiGpu>();
  for (const args of commands[tool.kind].static) {
    const answer = await ask(tool, args, signal);
    if (answer.kind === 'refused') continue;
    for (const gpu of answer.gpus) {
      const known = byIndex.get(gpu.index);
      byIndex.set(gpu.index, known === undefined ? gpu : mergeGpu(known, gpu));
    }
  }
  return byIndex;
}

/** `first` with what it does not tell filled in from `second`. */
export const mergeGpu = (first: AmdSmiGpu, second: AmdSmiGpu): AmdSmiGpu => ({
  ...second,
  ...Object.fromEntries(Object.entries(first).filter(([, value]) => value !== null)),
});

/** Asks, and once more without the options that the tool says it does not know. */
async function ask(tool: AmdTool, args: readonly string[], signal: AbortSignal): Promise<AmdSmiAnswer> {
  const known = args.filter((arg) => !tool.unknownOptions.has(arg));
  const { answer, words } = await execute(tool, known, signal);
  if (answer.kind === 'gpus') return answer;
  const unknown = unknownOptionsIn(words).filter((option) => option !== '--json' && known.includes(option));
  if (unknown.length === 0) return answer;
  for (const option of unknown) tool.unknownOptions.add(option);
  return ask(tool, args, signal);
}

/** "Parameter '--energy --limit' is invalid." (amdsmi_cli_exceptions.py), or as argparse says it. */
const unknownOptionsIn = (words: string): readonly string[] =>
  [...words.matchAll(/(?:Parameter '|unrecognized arguments: )([^'\n]*)/g)].flatMap(([, named = '']) =>
    named.trim().split(/\s+/),
  );

interface Executed {
  readonly answer: AmdSmiAnswer;
  /** All that it printed. */
  readonly words: string;
}

function execute(tool: AmdTool, args: readonly string[], signal: AbortSignal): Promise<Executed> {
  const parse = tool.kind === 'amd-smi' ? parseAmdSmi : parseRocmSmi;
  const options = {
    timeout: longestAnswerMs,
    killSignal: 'SIGKILL',
    maxBuffer: 4 * 1024 * 1024,
    windowsHide: true,
    signal,
  } as const;
  return new Promise((resolve) => {
    execFile(tool.path, [...args], options, (error, stdout, stderr) => {
      const answer = parse(stdout);
      const words = `${stdout}\n${stderr}`;
      if (answer.kind === 'gpus' || error === null) return resolve({ answer, words });
      if (error.killed === true)
        return resolve({ answer: refused(`it did not answer within ${longestAnswerMs / 1000} s`), words: '' });
      const lastWords = stderr.trim().split('\n').at(-1)?.slice(0, 160) ?? '';
      resolve({ answer: refused(lastWords === '' ? answer.reason : lastWords), words });
    });
  });
}
