import { describe, expect, it } from 'vitest';
import { defaultActions } from '../../shared/model/alert.ts';
import type { RuleDraft } from './rule-draft.ts';
import { recallChosen, recallDrafts, rememberChosen, rememberDrafts } from './rule-drafts-memory.ts';

function memoryOf(first: string | null = null) {
  const kept = new Map<string, string>();
  return () => ({
    getItem: (key: string) => kept.get(key) ?? first,
    setItem: (key: string, text: string) => void kept.set(key, text),
  });
}

/** Half typed: what is kept is what was typed. */
const draft: RuleDraft = {
  id: null,
  kind: 'sustained-power',
  name: 'Limit of the rack',
  scope: 'machine',
  params: { limitWatts: '4,4', holdSeconds: '' },
  level: 'critical',
  isEnabled: true,
  coolDownSeconds: '0',
  actions: { ...defaultActions, runAction: 'pause' },
  locale: 'de',
};

describe('drafts of rules', () => {
  it('come back as they were typed', () => {
    const memory = memoryOf();
    const drafts = new Map([
      ['new', draft],
      ['r1', { ...draft, id: 'r1' }],
    ]);
    rememberDrafts(drafts, memory);
    expect(recallDrafts(memory)).toEqual(drafts);
    rememberDrafts(new Map(), memory);
    expect(recallDrafts(memory).size).toBe(0);
  });

  it.each([
    ['nothing', null],
    ['no JSON', '{'],
    ['another thing', '7'],
    ['a draft of another shape', '[["new",{"kind":"sustained-power"}]]'],
  ])('are none where there is %s', (_, text) => expect(recallDrafts(memoryOf(text)).size).toBe(0));
});

it('the rule that was chosen comes back, and none where none was', () => {
  const memory = memoryOf();
  expect(recallChosen(memory)).toBeNull();
  rememberChosen('r1', memory);
  expect(recallChosen(memory)).toBe('r1');
  rememberChosen(null, memory);
  expect(recallChosen(memory)).toBeNull();
});
