import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ten random characters of Crockford's base 32 (50 bits): short enough to type a prefix of, no two alike in a lifetime of runs. */
export function createRunId(): string {
  return Array.from(randomBytes(10), (byte) => alphabet[byte % alphabet.length]).join('');
}
