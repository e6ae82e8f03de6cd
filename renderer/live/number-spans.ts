/** [0, 1, 2, 5] → ['0–2', '5']. */
export function spans(numbers: readonly number[]): string[] {
  const groups: number[][] = [];
  for (const number of numbers) {
    const group = groups.at(-1);
    if (group !== undefined && group.at(-1) === number - 1) group.push(number);
    else groups.push([number]);
  }
  return groups.map((group) => (group.length === 1 ? `${group[0]}` : `${group[0]}–${group.at(-1)}`));
}
