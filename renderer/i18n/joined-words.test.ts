import { expect, it } from 'vitest';
import { joinedWords } from './joined-words.ts';

it('puts a space between words, but for two of Chinese', () => {
  expect(joinedWords('memory', 'model')).toBe('memory model');
  expect(joinedWords('GPU', '计数器')).toBe('GPU 计数器');
  expect(joinedWords('内存', '模型')).toBe('内存模型');
});
