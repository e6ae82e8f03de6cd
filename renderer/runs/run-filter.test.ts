import { describe, expect, it } from 'vitest';
import {
  activeFilterCount,
  filterRuns,
  noFilters,
  projectsOf,
  type RunFilters,
  shortTagTexts,
  tagsOf,
  tagTexts,
} from './run-filter.ts';
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
const ids = (filters: Partial<RunFilters>, pausedIds: ReadonlySet<string> = new Set()): string =>
  filterRuns(runs, { ...noFilters, ...filters }, { nowMs: Date.now(), pausedIds })
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

  it('finds a run that is held as paused, and not among those that run', () => {
    // Of 'a', which has ended, a state that came late may still say that it is held.
    const held = new Set(['a', 'c']);
    expect(ids({ statuses: ['paused'] }, held)).toBe('c');
    expect(ids({ statuses: ['running'] }, held)).toBe('');
    expect(ids({ statuses: ['finished'] }, held)).toBe('a');
    expect(ids({ statuses: ['paused'] })).toBe('');
  });
});

describe('filters by what a run has', () => {
  it('asks for all of the tags, and for no project by an empty one', () => {
    expect(ids({ tags: ['precision=bf16'] })).toBe('a');
    expect(ids({ tags: ['precision=bf16', 'oom'] })).toBe('');
    expect(ids({ project: '' })).toBe('c');
  });

  it('counts days from midnight to midnight', () => {
    const at = (day: number, hour: number, minute = 0): string => new Date(2025, 10, day, hour, minute).toISOString();
    const dated = [
      runSummary({ id: 'a', startedAt: at(22, 23, 59) }),
      runSummary({ id: 'b', startedAt: at(23, 0) }),
      runSummary({ id: 'c', startedAt: at(24, 0) }),
    ];
    const dates = { lastDays: null, from: '2025-11-23', to: '2025-11-23' };
    const moment = { nowMs: new Date(2025, 10, 24, 12).getTime(), pausedIds: new Set<string>() };
    expect(filterRuns(dated, { ...noFilters, dates }, moment).map(({ id }) => id)).toEqual(['b']);
    const lastDays = (days: number): string =>
      filterRuns(dated, { ...noFilters, dates: { lastDays: days, from: null, to: null } }, moment)
        .map(({ id }) => id)
        .join('');
    expect([lastDays(1), lastDays(2), lastDays(3)]).toEqual(['c', 'bc', 'abc']);
  });
});

describe('activeFilterCount', () => {
  it('counts filters, not their values', () => {
    expect(activeFilterCount({ ...noFilters, text: ' ' })).toBe(0);
    expect(
      activeFilterCount({
        text: 'a b',
        project: 'sft',
        tags: ['oom', 'x'],
        statuses: ['failed', 'running'],
        dates: { lastDays: null, from: '2025-11-22', to: '2025-11-23' },
      }),
    ).toBe(5);
  });
});

describe('projectsOf and tags', () => {
  it('list each project once and write tags as people do', () => {
    expect(projectsOf([...runs, ...runs])).toEqual([
      { value: 'sft', count: 2 },
      { value: 'vision', count: 2 },
      { value: '', count: 2 },
    ]);
    expect(tagsOf(runs)).toEqual([
      { value: 'oom', count: 1 },
      { value: 'precision=bf16', count: 1 },
    ]);
    expect(tagTexts({ precision: 'bf16', oom: '' })).toEqual(['precision=bf16', 'oom']);
    expect(shortTagTexts({ precision: 'bf16', oom: '' })).toEqual(['bf16', 'oom']);
  });
});
