import { chinese } from '../../shared/words/chinese.ts';
import { engineWordsIn } from '../../shared/words/engine-sentences.ts';
import { type Words, wordsFor } from './words.ts';

/** The language of the native parts. */
export interface Speech {
  readonly locale: string;
  readonly words: Words;
  /** A text of the engine's own, a rule's usual name or a scope, in this language; what users wrote as it is. */
  readonly tell: (english: string) => string;
}

export function speechFor(locale: string): Speech {
  return { locale, words: wordsFor(locale), tell: isChinese(locale) ? chineseText : (english) => english };
}

const isChinese = (locale: string): boolean => wordsFor(locale) === wordsFor('zh-CN');
const chineseText = engineWordsIn(chinese, (_code, name) => name).text;
