import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Path below the root → content; `{ link }` makes a symbolic link with that target, bytes are written as they are. */
export type FileTree = Readonly<Record<string, string | Uint8Array | { readonly link: string }>>;

/** Writes a tree of small files: a piece of sysfs or procfs that a source is pointed at. */
export function writeFileTree(root: string, tree: FileTree): void {
  for (const [path, content] of Object.entries(tree)) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, file);
    else writeFileSync(file, content);
  }
}
