import type { GpuUsers } from '../drm-clients/drm-clients.ts';
import type { GpuProcess } from '../source.ts';

/**
 * For each second die the place of the first one of its board, in a list in the order of the cards: the one before, else the one after ("usually one above or
 * below", rocm-smi's own words). Null for a first die, and where no neighbour is one.
 */
export function firstDiesOf(areSecond: readonly boolean[]): readonly (number | null)[] {
  const taken = new Set<number>();
  return areSecond.map((isSecond, i) => {
    const first = isSecond ? [i - 1, i + 1].find((at) => areSecond[at] === false && !taken.has(at)) : undefined;
    if (first === undefined) return null;
    taken.add(first);
    return first;
  });
}

/** Who uses a board of two dies: what a process has of either die is half of that of the board. Null where one of them does not tell. */
export function usersOfBoard(first: GpuUsers, second: GpuUsers): GpuUsers {
  if (first.processes === null || second.processes === null) return { processes: null, processesAtMs: null };
  const byPid = Map.groupBy([...first.processes, ...second.processes], (process) => process.pid);
  return { processes: [...byPid.values()].flatMap(onBoard), processesAtMs: first.processesAtMs };
}

function onBoard(parts: readonly GpuProcess[]): readonly GpuProcess[] {
  const [one] = parts;
  if (one === undefined) return [];
  const memories = parts.flatMap((part) => part.memoryUsedBytes ?? []);
  const ratios = parts.map((part) => part.smRatio);
  return [
    {
      ...one,
      memoryUsedBytes: memories.length === 0 ? null : memories.reduce((sum, bytes) => sum + bytes, 0),
      smRatio: ratios.includes(null) ? null : ratios.reduce<number>((sum, ratio) => sum + (ratio ?? 0), 0) / 2,
    },
  ];
}
