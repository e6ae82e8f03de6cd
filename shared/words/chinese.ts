import type { SharedWords } from './english.ts';
import engine from './zh-CN/engine.json' with { type: 'json' };
import rules from './zh-CN/rules.json' with { type: 'json' };

export const chinese = { engine, rules } satisfies SharedWords;
