import type { Catalogue } from './catalogue.ts';
import { createEngineWords, type EngineWords } from './engine-text.ts';
import { english, type SharedWords } from './english.ts';

/** The engine's texts in a language: its sentences, and the names of rules that nobody named. */
export function engineWordsIn(own: SharedWords, region: (code: string, name: string) => string): EngineWords {
  return createEngineWords(
    // In a rule's name the engine writes a choice small: 'Budget 50 kWh (month)'.
    sentencesOf(english, (text) => text.toLowerCase()),
    sentencesOf(own, (text) => text),
    region,
  );
}

function sentencesOf(
  { engine: { fired, ...engine }, rules: { name, choice } }: SharedWords,
  spell: (text: string) => string,
): Catalogue {
  const choices = Object.entries(choice).map(([key, words]): [string, Catalogue] => [
    key,
    Object.fromEntries(Object.entries(words).map(([value, text]) => [value, spell(text)])),
  ]);
  // What a report says of an alert. By themselves these two would fit any text with a colon.
  const saidOf = (mould: string): Catalogue =>
    Object.fromEntries(Object.entries(name).map(([key, text]) => [key, mould.replace('{{rule}}', text)]));
  return {
    ...engine,
    ruleName: name,
    ruleChoice: Object.fromEntries(choices),
    firedWithReading: saidOf(fired.withReading),
    firedBare: saidOf(fired.bare),
  };
}
