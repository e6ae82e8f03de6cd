import engine from './en/engine.json' with { type: 'json' };
import rules from './en/rules.json' with { type: 'json' };

/** Words that the pages, the tray and the notifications share. */
export const english = { engine, rules };

export type SharedWords = typeof english;
