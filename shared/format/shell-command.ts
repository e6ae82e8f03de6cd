const plainWord = /^[\w@%+=:,./-]+$/;

/** The argv as one line that a POSIX shell reads back word for word. */
export const shellCommand = (command: readonly string[]): string => command.map(shellWord).join(' ');

/** A word as a POSIX shell reads it back. */
export const shellWord = (word: string): string => (plainWord.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
