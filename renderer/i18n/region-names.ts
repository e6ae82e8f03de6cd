import type { Catalogue } from '../../shared/words/catalogue.ts';
import alpha2ByAlpha3 from './alpha2-by-alpha3.json' with { type: 'json' };

const codes: Readonly<Record<string, string>> = alpha2ByAlpha3;

/** Names of countries in a language, from the browser's own tables; what is no country has words of its own under 'region'. */
export function regionNames(language: string, own: Catalogue): (code: string, name: string) => string {
  const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
  const others = typeof own.region === 'object' ? own.region : {};
  return (code, name) => {
    const other = others[code];
    if (typeof other === 'string') return other;
    const alpha2 = codes[code];
    return (alpha2 === undefined ? undefined : names.of(alpha2)) ?? name;
  };
}
