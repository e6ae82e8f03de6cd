/** What LaTeX reads as an order, and how the character itself is written. Source: Lamport, 'LaTeX: A Document Preparation System', 2.2.1. */
const orders: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '#': '\\#',
  $: '\\$',
  '%': '\\%',
  '&': '\\&',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  // T1 and textcomp are no part of every LaTeX: these need neither.
  '<': '$<$',
  '>': '$>$',
  '|': '$|$',
  '"': '{\\char34}',
  // A star after the end of a row is an order.
  '*': '{*}',
  // Two in a row would be one dash, a quote or a Spanish mark.
  '-': '-{}',
  '`': '{\\char96}',
  "'": '{\\char39}',
  '[': '{[}',
  ']': '{]}',
  '?': '?{}',
  '!': '!{}',
  ',': ',{}',
  '\u00a0': '~',
  '\u202f': '\\,',
  '–': '--',
  '—': '---',
  '’': "'{}",
  '‘': '`{}',
  '“': '``',
  '”': "''",
  '…': '\\ldots{}',
  '±': '$\\pm$',
  '×': '$\\times$',
  '≥': '$\\geq$',
  '≤': '$\\leq$',
  '−': '$-$',
  '·': '$\\cdot$',
  '°': '$^\\circ$',
  µ: '$\\mu$',
  μ: '$\\mu$',
  '₂': '$_2$',
  '€': 'EUR~',
  '£': '\\pounds{}',
  ß: '\\ss{}',
  ø: '\\o{}',
  Ø: '\\O{}',
  æ: '\\ae{}',
  Æ: '\\AE{}',
  œ: '\\oe{}',
  Œ: '\\OE{}',
  å: '\\aa{}',
  Å: '\\AA{}',
  ł: '\\l{}',
  Ł: '\\L{}',
  ı: '\\i{}',
};

/** Combining marks that LaTeX's own accents are. */
const accents: Readonly<Record<string, string>> = {
  '\u0300': '`',
  '\u0301': "'",
  '\u0302': '^',
  '\u0303': '~',
  '\u0304': '=',
  '\u0306': 'u',
  '\u0307': '.',
  '\u0308': '"',
  '\u030a': 'r',
  '\u030b': 'H',
  '\u030c': 'v',
  '\u0327': 'c',
};

const printable = /^[\x20-\x7e]$/;

/** Text from outside as LaTeX that says just that, in any engine; a character without a glyph in pdflatex goes through `\\wrchar`. */
export function latexText(text: string): string {
  return [
    ...text
      .replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, (blank) => (blank === '\u00a0' || blank === '\u202f' ? blank : ' '))
      .toWellFormed(),
  ]
    .map(latexCharacter)
    .join('');
}

function latexCharacter(character: string): string {
  const order = orders[character];
  if (order !== undefined) return order;
  if (printable.test(character)) return character;
  const [letter = '', mark = '', ...more] = character.normalize('NFD');
  const accent = accents[mark];
  if (accent !== undefined && more.length === 0 && /[A-Za-z]/.test(letter))
    return `\\${accent}{${letter === 'i' && accent !== 'c' ? '\\i' : letter}}`;
  // Marks of direction and joiners are drawn by none.
  if (/\p{Cf}/u.test(character)) return '';
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `\\wrchar{${code}}{${character}}`;
}
