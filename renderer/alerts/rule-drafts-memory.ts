import { z } from 'zod';
import { alertLevelSchema, ruleActionsSchema } from '../../shared/model/alert.ts';
import { type BrowserMemory, recall, remember } from '../app/browser-memory.ts';
import type { RuleDraft } from './rule-draft.ts';

const draftsKey = 'wattrun.rule-drafts';
const chosenKey = 'wattrun.chosen-rule';
/** Of this window alone: two windows may change one rule each in its own way. */
const windowMemory = (): BrowserMemory => sessionStorage;

const draftsSchema = z.array(
  z.tuple([
    z.string(),
    z.object({
      id: z.string().nullable(),
      kind: z.string(),
      name: z.string(),
      scope: z.string(),
      params: z.record(z.string(), z.string()),
      level: alertLevelSchema,
      isEnabled: z.boolean(),
      coolDownSeconds: z.string(),
      actions: ruleActionsSchema,
      locale: z.string().default('en'),
    }),
  ]),
);

/** Drafts as they were when the page was left or loaded anew; none where another version kept them otherwise. */
export function recallDrafts(memory: () => BrowserMemory = windowMemory): ReadonlyMap<string, RuleDraft> {
  const text = recall(draftsKey, memory);
  if (text === null) return new Map();
  try {
    return new Map(draftsSchema.parse(JSON.parse(text)));
  } catch {
    // No JSON, or no drafts: something else wrote there.
    return new Map();
  }
}

export const rememberDrafts = (
  drafts: ReadonlyMap<string, RuleDraft>,
  memory: () => BrowserMemory = windowMemory,
): void => remember(draftsKey, JSON.stringify([...drafts]), memory);

/** The rule whose form was open; null where none was chosen. */
export const recallChosen = (memory: () => BrowserMemory = windowMemory): string | null =>
  recall(chosenKey, memory) || null;

export const rememberChosen = (chosen: string | null, memory: () => BrowserMemory = windowMemory): void =>
  remember(chosenKey, chosen ?? '', memory);
