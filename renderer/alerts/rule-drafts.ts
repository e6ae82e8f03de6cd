import { create } from 'zustand';
import type { RuleDraft } from './rule-draft.ts';
import { recallDrafts, rememberDrafts } from './rule-drafts-memory.ts';

/** Where the form of a new rule is kept. */
export const newRuleKey = 'new';

/** Changes that are not saved, by the rule's id, for as long as the window is open: neither another rule or page nor loading the page anew takes any away. */
export const useRuleDrafts = create<{ readonly drafts: ReadonlyMap<string, RuleDraft> }>(() => ({
  drafts: recallDrafts(),
}));

useRuleDrafts.subscribe(({ drafts }) => rememberDrafts(drafts));

export function keepDraft(key: string, draft: RuleDraft): void {
  useRuleDrafts.setState(({ drafts }) => ({ drafts: new Map(drafts).set(key, draft) }));
}

export function dropDraft(key: string): void {
  useRuleDrafts.setState(({ drafts }) => ({ drafts: new Map([...drafts].filter(([other]) => other !== key)) }));
}

/** Whether a form holds something else than the rule does. */
export const isSameDraft = (draft: RuleDraft, stored: RuleDraft): boolean =>
  JSON.stringify(draft) === JSON.stringify(stored);
