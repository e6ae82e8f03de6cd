import { create } from 'zustand';

/** 'new', a rule's id, or null: then the first rule is shown. */
export const useChosenRule = create<{ readonly chosen: string | null }>(() => ({ chosen: null }));

export const chooseRule = (chosen: string | null): void => useChosenRule.setState({ chosen });
