/** The text, or as much of it as has room, and an ellipsis. */
export function cut(text: string, roomPx: number, wide: (text: string) => number): string {
  if (wide(text) <= roomPx) return text;
  let shown = [...text];
  while (shown.length > 0 && wide(`${shown.join('')}…`) > roomPx)
    shown = shown.slice(0, Math.max(0, Math.min(shown.length - 1, Math.floor(shown.length * 0.95))));
  return `${shown.join('')}…`;
}
