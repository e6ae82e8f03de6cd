import type { FileTree } from './file-tree.ts';

/** Files of a ttar archive: 'Path:', 'Lines:' and as many lines, then 'Mode:'. Empty files are kept; links and folders are left out. */
export function parseTtar(text: string): FileTree {
  const lines = text.split('\n');
  const tree: Record<string, string> = {};
  lines.forEach((line, i) => {
    const path = /^Path: (.+)$/.exec(line)?.[1];
    const count = /^Lines: (\d+)$/.exec(lines[i + 1] ?? '')?.[1];
    if (path === undefined || count === undefined) return;
    tree[path] = lines
      .slice(i + 2, i + 2 + Number(count))
      .map((one) => `${one}\n`)
      .join('');
  });
  return tree;
}
