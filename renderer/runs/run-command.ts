const lineWidth = 33;
const plainWord = /^[\w@%+=:,./-]+$/;

/** The argv as one line that a POSIX shell reads back word for word. */
export function shellCommand(command: readonly string[]): string {
  return command.map(shellWord).join(' ');
}

/** The same, broken before options so that it can be read in a narrow column; a shell still takes it. */
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

function shellWord(word: string): string {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
