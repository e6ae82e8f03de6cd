import { describe, expect, it } from 'vitest';
import { createEngineWords } from './engine-text.ts';

const example = createEngineWords(
  {
    error: {},
    message: { a: 'Wall {{name}}', b: 'Memory', c: 'Memory {{index}}', d: 'It failed: {{why}}.', e: 'It sleeps.' },
  },
  { error: {}, message: { a: '墙插 {{name}}', b: '内存', c: '内存 {{index}}', d: '出错：{{why}}。', e: '休眠中。' } },
  (_code, name) => name,
);

describe('a text of the engine', () => {
  it('is found by its template, with what was filled in', () => {
    expect(example.text('Memory')).toBe('内存');
    expect(example.text('Memory 1')).toBe('内存 1');
    expect(example.text('Wall desk')).toBe('墙插 desk');
  });

  it('is told sentence by sentence where it has several', () =>
    expect(example.text('It sleeps. It failed: EIO.')).toBe('休眠中。出错：EIO。'));

  it('stays as it is where no template fits, however strange it is', () => {
    expect(example.text('Something new')).toBe('Something new');
    expect(example.text('')).toBe('');
    expect(example.text(`Wall ${'x'.repeat(5000)}`)).toHaveLength(5005);
    expect(example.text('Wall $& {{name}} \u0000')).toBe('墙插 $& {{name}} \u0000');
  });
});
