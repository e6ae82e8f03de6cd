import { create } from 'zustand';
import { newRuleKey } from './rule-drafts.ts';
import { recallChosen, recallDrafts, rememberChosen } from './rule-drafts-memory.ts';

/** 'new', a rule's id, or null: then the first rule is shown. */
export const useChosenRule = create<{ readonly chosen: string | null }>(() => ({
  chosen: keptChoice(),
}));

useChosenRule.subscribe(({ chosen }) => rememberChosen(chosen));

export const chooseRule = (chosen: string | null): void => useChosenRule.setState({ chosen });

/** A new rule that nothing was typed of is no longer being made. */
function keptChoice(): string | null {
  const chosen = recallChosen();
  return chosen === newRuleKey && !recallDrafts().has(newRuleKey) ? null : chosen;
}
