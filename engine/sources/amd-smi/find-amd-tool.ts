import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface AmdTool {
  readonly kind: 'amd-smi' | 'rocm-smi';
  readonly path: string;
  /** Options that it has said it does not know: amd-smi knows `--energy` and `--limit` on bare metal alone. */
  readonly unknownOptions: Set<string>;
}

const usualPlaces: readonly string[] = ['/opt/rocm/bin', '/usr/bin', '/usr/local/bin'];

/** The AMD tools on PATH, then in the usual places: amd-smi before rocm-smi, which it replaces. */
export function findAmdTools(environment: Readonly<Record<string, string | undefined>>): readonly AmdTool[] {
  const folders = [...(environment.PATH ?? '').split(delimiter).filter((folder) => folder !== ''), ...usualPlaces];
  return (['amd-smi', 'rocm-smi'] as const).flatMap((kind) => {
    const path = folders.map((folder) => join(folder, kind)).find(isExecutable);
    return path === undefined ? [] : [{ kind, path, unknownOptions: new Set<string>() }];
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
