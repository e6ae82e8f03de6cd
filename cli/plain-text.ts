/**
 * What moves a cursor, colours a terminal, or turns and breaks the line around it: control characters, with them every terminal sequence; directional marks,
 * embeddings and isolates; line and paragraph separators. Letters that run from right to left are text like any other.
 */
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb]/gu;

/** Text from outside within a line: nothing that a name holds may do anything to a terminal. Each such character is a question mark. */
export const plainText = (text: string): string => text.replace(unsafe, '?');

/** Lines for people, the same way: their ends alone stay. */
export const plainLines = (text: string): string =>
  text.replace(unsafe, (character) => (character === '\n' ? character : '?'));
