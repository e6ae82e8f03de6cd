import { describe, expect, it } from 'vitest';
import { activeFilterCount, filterRuns, noFilters, projectsOf, shortTagTexts, tagTexts } from './run-filter.ts';
import { runSummary } from './run-fixtures.ts';

const runs = [
  runSummary({ id: 'a', name: 'llama-sft', project: 'sft', tags: { precision: 'bf16' }, status: 'finished' }),
  runSummary({
    id: 'b',
    name: 'vit-large',
    project: 'vision',
    tags: {},
    status: 'failed',
    command: ['python', 'vit.py'],
  }),
  runSummary({ id: 'c', name: 'whisper', project: null, tags: { oom: '' }, status: 'running', devices: 'CPU' }),
];
const ids = (filters: Partial<typeof noFilters>): string =>
  filterRuns(runs, { ...noFilters, ...filters })
    .map((run) => run.id)
    .join('');

describe('filterRuns', () => {
  it('finds every word somewhere in name, project, tags, command or devices', () => {
    expect(ids({ text: 'LLAMA' })).toBe('a');
    expect(ids({ text: 'vit.py' })).toBe('b');
    expect(ids({ text: 'bf16 sft' })).toBe('a');
    expect(ids({ text: 'h100' })).toBe('ab');
    expect(ids({ text: 'bf16 vision' })).toBe('');
  });

  it('narrows by project and by any of the statuses', () => {
    expect(ids({ project: 'vision' })).toBe('b');
    expect(ids({ statuses: ['failed', 'running'] })).toBe('bc');
    expect(ids({ text: '   ' })).toBe('abc');
  });
});

describe('activeFilterCount', () => {
  it('counts filters, not their values', () => {
    expect(activeFilterCount({ text: ' ', project: null, statuses: [] })).toBe(0);
    expect(activeFilterCount({ text: 'a b', project: 'sft', statuses: ['failed', 'running'] })).toBe(3);
  });
});

describe('projectsOf and tags', () => {
  it('list each project once and write tags as people do', () => {
    expect(projectsOf([...runs, ...runs])).toEqual(['sft', 'vision']);
    expect(tagTexts({ precision: 'bf16', oom: '' })).toEqual(['precision=bf16', 'oom']);
    expect(shortTagTexts({ precision: 'bf16', oom: '' })).toEqual(['bf16', 'oom']);
  });
});
