/**
 * Cuts a stream of text into lines; what is left of the last one waits for more. A line longer than `mostCharacters` is dropped whole, wherever
 * the stream was cut: its tail is no line either.
 */
export function createLineSplitter(
  onLine: (line: string) => void,
  mostCharacters = 1_000_000,
): (chunk: string) => void {
  let carry: string[] = [];
  let carried = 0;
  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      const isWhole = carried + end - from <= mostCharacters;
      const line = isWhole ? [...carry, chunk.slice(from, end)].join('') : null;
      carry = [];
      carried = 0;
      from = end + 1;
      if (line !== null) onLine(line);
    }
    carried += chunk.length - from;
    if (carried > mostCharacters) carry = [];
    else if (from < chunk.length) carry.push(chunk.slice(from));
  };
}
