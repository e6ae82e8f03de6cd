import { expect, it } from 'vitest';
import { formatGibibytes, formatMemory } from './memory.ts';

it('picks the unit that suits the size', () => {
  // 96.4 MiB = 101,082,726 bytes; 71.4 GiB = 76,665,166,234 bytes.
  expect(formatMemory(101_082_726, { locale: 'en' })).toEqual({ value: '96.4', unit: 'MiB', band: null });
  expect(formatGibibytes(76_665_166_234, { locale: 'en' })).toBe('71.4');
  expect(formatMemory(null, { locale: 'en' }).value).toBe('–');
});
