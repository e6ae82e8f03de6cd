import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ruleDefinitions } from '../../engine/alerts/registry.ts';
import { createFakeMachine } from '../../engine/machine/fake-machine.ts';
import { exportDefinitions } from '../../engine/reports/registry.ts';
import { createSourceDefinitions } from '../../engine/sources/registry.ts';
import { createI18n, engineWordsOf } from '../../renderer/i18n/i18n.ts';
import { languages } from '../../shared/model/settings.ts';
import type { EngineWords } from '../../shared/words/engine-text.ts';
import { english } from '../../shared/words/english.ts';
import { textsOfSource } from './source-texts.ts';

const root = join(import.meta.dirname, '../..');
const own = new Map<string, EngineWords>();
beforeAll(async () => {
  for (const language of languages) {
    const words = engineWordsOf(await createI18n(language));
    if (words !== null) own.set(language, words);
  }
});

describe('what the engine says', () => {
  it('of a source has words in every language', () => {
    const sources: Readonly<Record<string, { label: string; measures: string }>> = english.engine.source;
    for (const { descriptor } of createSourceDefinitions(createFakeMachine().machine)) {
      const { id, label, measures } = descriptor;
      expect(sources[id], id).toEqual({ label, measures });
      for (const [language, words] of own) {
        expect(words.lookup(`source.${id}.label`), `${language} ${id}`).not.toBeNull();
        expect(words.lookup(`source.${id}.measures`), `${language} ${id}`).not.toBeNull();
      }
    }
  });

  it('of a rule has words in every language: its kind, its name, each field and choice of its form', async () => {
    for (const language of languages) {
      const { exists } = await createI18n(language);
      const isThere = (key: string): boolean =>
        ['alerts', 'rules'].some((ns) => exists(`${ns}:${key}`, { lng: language, fallbackLng: [] }));
      for (const { descriptor } of ruleDefinitions) {
        const { kind, fields, choices, isBudget } = descriptor;
        const wanted = [
          [`kind.${kind}`],
          [`name.${kind}`],
          [`definition.${isBudget ? 'budget' : kind}`],
          ...[...fields, ...choices].map(({ key }) => [`fieldOf.${kind}.${key}`, `field.${key}`]),
          ...choices.flatMap(({ key, choices: all }) => all.map(({ value }) => [`choice.${key}.${value}`])),
        ];
        expect(
          wanted.filter((keys) => !keys.some(isThere)),
          `${language} ${kind}`,
        ).toEqual([]);
      }
    }
  });

  it('of a rule that nobody named is told by its kind', () => {
    for (const [language, words] of own) {
      expect(words.text('Power above 4500 W for 30 s'), language).not.toContain('above');
      expect(words.text('Budget 50 kWh (month)'), language).not.toMatch(/Budget|month/);
    }
  });

  it('of an export format has words in every language', async () => {
    for (const language of languages) {
      const { exists } = await createI18n(language);
      for (const { format } of exportDefinitions)
        expect(
          exists(`reports:format.${format.id}`, { lng: language, fallbackLng: [] }),
          `${language} ${format.id}`,
        ).toBe(true);
    }
  });

  it('in a whole sentence, why a source gives nothing or a calibration is refused, has words in every language', () => {
    const paths = globSync('engine/{sources,calibration}/**/*.ts', { cwd: root }).filter(
      (path) => !path.includes('.test.'),
    );
    const sentences = paths.flatMap((path) =>
      textsOfSource(path, readFileSync(join(root, path), 'utf8'))
        .filter(({ text, holder }) => isSentence(text) && !/log|Error/.test(holder))
        .map(({ text, line }) => ({ text: text.replaceAll('…', 'x1'), where: `${path}:${line}` })),
    );
    expect(sentences.length).toBeGreaterThan(50);
    for (const [language, words] of own) {
      const untold = sentences.filter(({ text }) => words.text(text) === text);
      expect(untold.map(({ text, where }) => `${language} ${where} ${text}`)).toEqual([]);
    }
  });
});

const isSentence = (text: string): boolean => /^[A-Z…].*[.?]$/s.test(text) && text.split(/\s+/).length >= 3;
