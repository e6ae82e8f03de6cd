import { describe, expect, it } from 'vitest';
import { changedLabels, commonProject, parseTags, tagUses } from './tag-change.ts';

const runs = [
  { id: 'a', project: 'sft', tags: { lr: '1', keep: '' } },
  { id: 'b', project: null, tags: { lr: '2' } },
];

describe('tags typed by a person', () => {
  it('are words and pairs with commas between them', () =>
    expect(parseTags(' lr = 3e-4 , baseline,, =x, note=a=b，中文')).toEqual({
      lr: '3e-4',
      baseline: '',
      note: 'a=b',
      中文: '',
    }));
});

describe('a change of labels', () => {
  it('adds to all, removes a tag by its key and value, and sets the project', () =>
    expect(changedLabels(runs, { added: { new: 'x' }, removed: [['lr', '1']], project: 'vision' })).toEqual([
      { runId: 'a', project: 'vision', tags: { keep: '', new: 'x' } },
      { runId: 'b', project: 'vision', tags: { lr: '2', new: 'x' } },
    ]));

  it('names only the runs that it changes', () => {
    expect(changedLabels(runs, { added: {}, removed: [['lr', '2']], project: undefined })).toEqual([
      { runId: 'b', project: null, tags: {} },
    ]);
    expect(changedLabels(runs, { added: {}, removed: [], project: null })).toEqual([
      { runId: 'a', project: null, tags: { lr: '1', keep: '' } },
    ]);
    expect(changedLabels(runs, { added: {}, removed: [], project: undefined })).toEqual([]);
  });

  it('knows what the runs have now', () => {
    expect(tagUses([...runs, ...runs])).toEqual([
      { key: 'keep', value: '', count: 2 },
      { key: 'lr', value: '1', count: 2 },
      { key: 'lr', value: '2', count: 2 },
    ]);
    expect(commonProject(runs)).toBeUndefined();
    expect(commonProject(runs.slice(1))).toBeNull();
  });
});
