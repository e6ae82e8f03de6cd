/**
 * Any text as xml2js would give it with `explicitArray: false`: texts, objects, and lists of what repeats. Unlike xml2js it takes every text, for
 * it is the reader behind it that is tried: a tag that is not closed ends with the text, one that was not opened is passed over.
 */
export function readLooseXml(text: string): unknown {
  const root: Record<string, unknown> = Object.create(null);
  const open: { readonly tag: string; readonly inside: Record<string, unknown>; words: string }[] = [
    { tag: '', inside: root, words: '' },
  ];
  for (const [token, slash, tag = '', attributes = ''] of text.matchAll(
    /<(\/?)([a-z_]{1,60})([^<>]{0,200})>|[^<]{1,2000}|</g,
  )) {
    const parent = open.at(-1);
    if (parent === undefined) break;
    if (tag === '') parent.words += token;
    else if (slash === '') {
      const id = /id="([^"]*)"/.exec(attributes)?.[1];
      if (open.length < 100) open.push({ tag, inside: id === undefined ? {} : { $: { id } }, words: '' });
    } else if (open.length > 1 && parent.tag === tag) {
      open.pop();
      const grandparent = open.at(-1);
      const value = Object.keys(parent.inside).length === 0 ? parent.words.trim() : parent.inside;
      if (grandparent !== undefined) put(grandparent.inside, tag, value);
    }
  }
  for (let last = open.pop(); last !== undefined; last = open.pop()) {
    const parent = open.at(-1);
    if (parent !== undefined) put(parent.inside, last.tag, last.inside);
  }
  return root;
}

function put(inside: Record<string, unknown>, tag: string, value: unknown): void {
  const there = Object.hasOwn(inside, tag) ? inside[tag] : undefined;
  if (Array.isArray(there)) there.push(value);
  else inside[tag] = there === undefined ? value : [there, value];
}
