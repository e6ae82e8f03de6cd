import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell, safeText } from './csv-cells.ts';
import { htmlText } from './html-charts.ts';
import { latexText } from './latex-text.ts';
import { markdownText } from './markdown.ts';

describe('latexText', () => {
  it.each([
    ['100 % of $x_{1}$ & #2', '100 \\% of \\$x\\_\\{1\\}\\$ \\& \\#2'],
    ['a\\b^c~d', 'a\\textbackslash{}b\\textasciicircum{}c\\textasciitilde{}d'],
    ['31.1 – 32.3 ± 0.6 CO₂e', '31.1 -- 32.3 $\\pm$ 0.6 CO$_2$e'],
    ['café über Łódź', "caf\\'{e} \\\"{u}ber \\L{}\\'{o}d\\'{z}"],
    ['训\u202ex', '\\wrchar{8BAD}{训}x'],
    ['*[x]\n--', '{*}{[}x{]} -{}-{}'],
  ])('writes %j as %j', (text, latex) => expect(latexText(text)).toBe(latex));

  it('lets no order through, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const latex = latexText(text);
        const rest = latex
          .replaceAll(/\\wrchar\{[0-9A-F]{4,6}\}\{[^\\{}]\}/gu, '')
          .replaceAll(
            /\\(?:textbackslash|textasciicircum|textasciitilde|ldots|pounds|ss|o|O|ae|AE|oe|OE|aa|AA|l|L|i)\{\}/g,
            '',
          )
          .replaceAll(/\\[`'^~=u."rHvc]\{(?:[A-Za-z]|\\i)\}/g, '')
          .replaceAll(/\{\\char\d+\}|\\[{}#$%&_,]|\$(?:\\[a-z]+|[<>|_2^-]+(?:\\circ)?)\$|~/g, '');
        expect(rest).not.toMatch(/[\\#$%&_^~]/);
      }),
      { numRuns: 300 },
    );
  });
});

describe('markdownText', () => {
  it.each([
    ['# no heading', '\\# no heading'],
    ['[a](http://x) <b> @all', '\\[a\\](http&#58;//x) &lt;b&gt; &#64;all'],
    ['a|b\nc', 'a\\|b c'],
    ['1. no list', '&#8203;1. no list'],
    ['9.5 J', '9.5 J'],
    ['- no list', '&#8203;- no list'],
    ['![x](y) `z` www.x', '\\!\\[x\\](y) \\`z\\` www&#46;x'],
  ])('writes %j as %j', (text, markdown) => expect(markdownText(text)).toBe(markdown));
});

describe('htmlText', () => {
  it('leaves nothing that begins a tag, an attribute’s end or an entity', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(htmlText(text)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});

describe('a spreadsheet’s cell', () => {
  it.each(['﹦1+1', '−1', '\u200b=1', ' =1', '\ufeff@x', '﹫x', '﹢1', '﹣1'])('%j is text', (text) =>
    expect(safeText(text)).toBe(`'${text}`),
  );

  it.each([
    ['lr=3;=cmd()', "lr=3;'=cmd()"],
    ['a; @SUM(A1)', "a; '@SUM(A1)"],
    ['a;b', 'a;b'],
    ['a,-5', 'a,-5'],
  ])('%j, where a semicolon separates cells, is %j', (text, safe) => expect(safeText(text)).toBe(safe));

  it('is written alone as it is in a line', () => {
    expect(['a,b', '=x', 'say "hi"', 5, null].map(csvCell)).toEqual(['"a,b"', "'=x", '"say ""hi"""', '5', '']);
  });
});
