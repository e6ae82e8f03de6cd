import { expect, it } from 'vitest';
import { shownTheme } from './theme.ts';

it('follows the system only where it is asked to', () => {
  expect(shownTheme('light', { isDark: true, hasContrast: true })).toBe('light');
  expect(shownTheme('system', { isDark: true, hasContrast: false })).toBe('dark');
  expect(shownTheme('system', { isDark: true, hasContrast: true })).toBe('contrast');
});
