import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { usualPortIn } from './usual-port.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'usual-port-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('keeps a port for the next start', () => {
  expect(usualPortIn(folder).read()).toBeNull();
  usualPortIn(folder).keep(40_123);
  expect(usualPortIn(folder).read()).toBe(40_123);
});

it('takes nothing else for a port', () => {
  for (const text of ['', '80', '0', '99999', '-4000', '40123; rm', '0x4000', '4e3', '\u0000']) {
    writeFileSync(join(folder, 'port'), text);
    expect(usualPortIn(folder).read()).toBeNull();
  }
});

it('does without where nothing can be written', () => {
  const nowhere = usualPortIn(join(folder, 'no/such/place'));
  nowhere.keep(40_123);
  expect(nowhere.read()).toBeNull();
});
