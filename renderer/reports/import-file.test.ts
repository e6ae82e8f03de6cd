import { expect, it } from 'vitest';
import type { EngineRequest } from '../connection/connection-context.tsx';
import { importFile } from './import-file.ts';

it('sends a long file in pieces that a socket takes, no character cut in two', async () => {
  const pushed: string[] = [];
  const request = (async (name: string, payload: { text?: string }) => {
    if (name === 'imports.push') pushed.push(payload.text ?? '');
    return name === 'imports.open' ? { importId: 'i1' } : { imported: 1 };
  }) as unknown as EngineRequest;
  // Three bytes each: 131,072 is no multiple of three.
  const text = '训'.repeat(100_000);
  await importFile(new Blob([text]), { request, project: null, isDryRun: true });
  expect(pushed.join('')).toBe(text);
  expect(pushed.length).toBeGreaterThan(2);
  expect(Math.max(...pushed.map((piece) => piece.length))).toBeLessThan(64 * 1024);
});
