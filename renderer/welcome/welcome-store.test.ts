import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../shared/model/settings.ts';
import { isWelcomeShown } from './welcome-store.ts';

const welcomed = { ...defaultSettings, isWelcomed: true };

describe('the welcome', () => {
  it('is shown once, and again where it is asked for', () => {
    expect(isWelcomeShown(defaultSettings, false, false)).toBe(true);
    expect(isWelcomeShown(welcomed, false, false)).toBe(false);
    expect(isWelcomeShown(welcomed, false, true)).toBe(true);
  });

  it('is never shown over the simulated server, nor before the settings are known', () => {
    expect(isWelcomeShown(defaultSettings, true, true)).toBe(false);
    expect(isWelcomeShown(null, false, false)).toBe(false);
  });
});
