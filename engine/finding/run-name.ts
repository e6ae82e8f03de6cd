import { programOf } from './programs.ts';
import { readWork } from './work.ts';

const longestName = 200;
const ending = /\.(py|sh|ipynb|js|ts|jl|R)$/;

/** The script's name without its folder and ending, as people call a run: 'torchrun --nproc-per-node 4 train.py --lr 1' is 'train'. Null for no command. */
export function nameOf(command: readonly string[] | null): string | null {
  if (command === null || command.length === 0) return null;
  const { script, module, code, program } = readWork(command);
  const own = code === null ? (module ?? script) : null;
  // A program that is not on a list keeps the letters that it was called by.
  const called = command.find((word) => programOf(word) === program && program !== '') ?? command[0] ?? '';
  // Python runs a folder too: `python src/`, `python .`.
  const base =
    (own ?? called)
      .split(/[\\/]/)
      .filter((part) => part !== '')
      .at(-1) ?? '';
  if (/^\.+$/.test(base)) return null;
  return base.replace(ending, '').slice(0, longestName) || null;
}
