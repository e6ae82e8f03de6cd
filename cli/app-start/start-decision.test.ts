import { describe, expect, it } from 'vitest';
import {
  earlyDeath,
  fetchLimitSeconds,
  fetchObstacle,
  knownObstacle,
  type Obstacle,
  obstacleSentence,
} from './start-decision.ts';

describe('what is known before trying', () => {
  const desktop = { platform: 'linux', userId: 1000, environment: { DISPLAY: ':0' } };

  it('is nothing on a desktop', () => {
    expect(knownObstacle(desktop)).toBeNull();
    expect(knownObstacle({ ...desktop, environment: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeNull();
    expect(knownObstacle({ platform: 'darwin', userId: 501, environment: {} })).toBeNull();
    expect(knownObstacle({ platform: 'win32', userId: null, environment: {} })).toBeNull();
  });

  it('is that Linux has no display, or that the user is root', () => {
    expect(knownObstacle({ ...desktop, environment: {} })).toEqual({ kind: 'no-display' });
    expect(knownObstacle({ ...desktop, environment: { DISPLAY: '' } })).toEqual({ kind: 'no-display' });
    expect(knownObstacle({ ...desktop, userId: 0 })).toEqual({ kind: 'root' });
  });
});

describe('the download', () => {
  const outcome = { isInstalled: false, isTimedOut: false, limitSeconds: 120, said: '' };

  it('may take 120 s, or what WATTRUN_FETCH_SECONDS says', () => {
    expect(fetchLimitSeconds({})).toBe(120);
    expect(fetchLimitSeconds({ WATTRUN_FETCH_SECONDS: '5' })).toBe(5);
    expect(fetchLimitSeconds({ WATTRUN_FETCH_SECONDS: '0' })).toBe(0);
    for (const wrong of ['', ' ', 'soon', '-1', 'Infinity'])
      expect(fetchLimitSeconds({ WATTRUN_FETCH_SECONDS: wrong }), wrong).toBe(120);
  });

  it('is no obstacle where it gave a binary', () => {
    expect(fetchObstacle({ ...outcome, isInstalled: true, said: 'a warning' })).toBeNull();
  });

  it('gives its cause in a few words', () => {
    const offline =
      "TypeError: fetch failed\n    at node:internal\n  [cause]: Error: getaddrinfo ENOTFOUND github.com\n  code: 'ENOTFOUND',";
    expect(fetchObstacle({ ...outcome, said: offline })).toEqual({
      kind: 'not-fetched',
      detail: 'getaddrinfo ENOTFOUND github.com',
    });
    expect(fetchObstacle({ ...outcome, said: 'Error: checksum of electron.zip is wrong.\n   at x' })).toEqual({
      kind: 'not-fetched',
      detail: 'checksum of electron.zip is wrong',
    });
    expect(fetchObstacle(outcome)).toEqual({ kind: 'not-fetched', detail: 'the download failed' });
  });

  it('is said to be too slow, or not wanted', () => {
    expect(fetchObstacle({ ...outcome, isTimedOut: true })).toEqual({ kind: 'fetch-timeout', detail: '120 s' });
    expect(fetchObstacle({ ...outcome, limitSeconds: 0 })).toEqual({ kind: 'fetch-off' });
  });
});

describe('Electron’s end', () => {
  const end = { code: 1, signal: null, aliveSeconds: 0.4, wasAsked: false };

  it('at once and with an error means that it cannot run here', () => {
    expect(earlyDeath(end)).toEqual({ kind: 'died', detail: 'code 1' });
    expect(earlyDeath({ ...end, code: null, signal: 'SIGTRAP' })).toEqual({ kind: 'died', detail: 'SIGTRAP' });
  });

  it('is the user’s wish when it went well, was asked for, or came late', () => {
    expect(earlyDeath({ ...end, code: 0 })).toBeNull();
    expect(earlyDeath({ ...end, code: null, signal: 'SIGINT', wasAsked: true })).toBeNull();
    expect(earlyDeath({ ...end, aliveSeconds: 3600 })).toBeNull();
  });
});

describe('what is said', () => {
  const all: readonly Obstacle[] = [
    { kind: 'no-display' },
    { kind: 'root' },
    { kind: 'not-installed' },
    { kind: 'not-fetched', detail: 'getaddrinfo ENOTFOUND github.com' },
    { kind: 'fetch-timeout', detail: '120 s' },
    { kind: 'fetch-off' },
    { kind: 'died', detail: 'code 1' },
  ];

  it('is one sentence with the reason and what happens instead', () => {
    expect(obstacleSentence({ kind: 'no-display' })).toBe(
      'Wattrun cannot open its own window because there is no display, so it serves the same pages to your browser.',
    );
    for (const obstacle of all) {
      const sentence = obstacleSentence(obstacle);
      expect(sentence).toMatch(/^Wattrun cannot open .+ because .+ browser\.$/);
      expect(sentence).not.toMatch(/\n|undefined|null/);
    }
  });
});
