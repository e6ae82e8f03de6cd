import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLateSave } from './late-save.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('saves the last of what was typed, once, when typing pauses', () => {
  const saved: string[] = [];
  const late = createLateSave((text: string) => saved.push(text));
  late.later('a');
  vi.advanceTimersByTime(500);
  late.later('ab');
  vi.advanceTimersByTime(599);
  expect(saved).toEqual([]);
  vi.advanceTimersByTime(1);
  late.flush();
  expect(saved).toEqual(['ab']);
});

it('saves at once what still waits when its page goes', () => {
  const saved: string[] = [];
  const late = createLateSave((text: string) => saved.push(text));
  late.later('half a se');
  late.flush();
  vi.advanceTimersByTime(10_000);
  expect(saved).toEqual(['half a se']);
});

it('saves nothing of what was taken back', () => {
  const saved: string[] = [];
  const late = createLateSave((text: string) => saved.push(text));
  late.later('no');
  late.drop();
  late.flush();
  vi.advanceTimersByTime(10_000);
  expect(saved).toEqual([]);
});
