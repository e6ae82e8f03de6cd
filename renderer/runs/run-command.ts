import { shellWord } from '../../shared/format/shell-command.ts';

const lineWidth = 33;

/** An argv as a POSIX shell reads it back, broken before options so that it can be read in a narrow column. */
export function wrappedCommand(command: readonly string[], width = lineWidth): string {
  const lines: string[] = [];
  let line = '';
  for (const word of command.map(shellWord)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(' \\\n');
}
