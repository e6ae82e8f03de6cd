import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const secretsSchema = z.object({
  url: z.string().optional(),
  signingSecret: z.string().optional(),
  password: z.string().optional(),
});
/** What is known of a destination and shown to nobody. */
export type Secrets = Readonly<z.infer<typeof secretsSchema>>;
const fileSchema = z.record(z.string(), secretsSchema);

export interface SecretFile {
  read(destinationId: string): Secrets;
  /** Null: forgets them. */
  write(destinationId: string, secrets: Secrets | null): void;
}

/** Secrets of destinations in `alert-secrets.json`, which its user alone may read. `directory` null: in memory. */
export function createSecretFile(directory: string | null, log: (message: string) => void): SecretFile {
  const path = directory === null ? null : join(directory, 'alert-secrets.json');
  let all: Readonly<Record<string, Secrets>> = path === null ? {} : readAll(path, log);
  return {
    read: (destinationId) => all[destinationId] ?? {},
    write(destinationId, secrets) {
      const { [destinationId]: _, ...others } = all;
      all = secrets === null ? others : { ...others, [destinationId]: secrets };
      if (path === null) return;
      // Whole or not at all, and at no moment readable by others.
      writeFileSync(`${path}.new`, JSON.stringify(all), { mode: 0o600, flush: true });
      chmodSync(`${path}.new`, 0o600);
      renameSync(`${path}.new`, path);
    },
  };
}

function readAll(path: string, log: (message: string) => void): Readonly<Record<string, Secrets>> {
  if (!existsSync(path)) return {};
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    log('alert-secrets.json could not be read: destinations need their addresses and passwords again');
    return {};
  }
}
