/** The element of a row, which the field above it points to. */
export const optionId = (listId: string, index: number): string => `${listId}-${index}`;

const pageRows = 8;

/** The row that a key leads to, the ends joined for single steps; null for keys that lead nowhere. */
export function nextActive(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return (at - 1 + count) % count;
    case 'PageDown':
      return Math.min(count - 1, at + pageRows);
    case 'PageUp':
      return Math.max(0, at - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
