import { bibtexEntry } from './closing-sections.ts';
import type { Block, DocumentWriter } from './document.ts';
import type { ExportDefinition, ExportScene } from './export-format.ts';
import { latexText } from './latex-text.ts';
import { writtenReport } from './written-report.ts';

/** Wider than the text, it is made to fit. */
function table(head: readonly string[], rows: readonly (readonly string[])[], right: readonly number[]): string {
  const columns = head.map((_, index) => (right.includes(index) ? 'r' : 'l')).join('');
  const line = (cells: readonly string[]): string => `${cells.map(latexText).join(' & ')} \\\\\n`;
  return `\\begin{center}\\wrfit{\\begin{tabular}{${columns}}\n\\hline\n${line(head)}\\hline\n${rows.map(line).join('')}\\hline\n\\end{tabular}}\\end{center}\n`;
}

/** Rows of one table: a tabular does not break over pages. */
const rowsATable = 40;

function tables({ head, rows, right }: Extract<Block, { kind: 'table' }>): string {
  const parts = Array.from({ length: Math.ceil(rows.length / rowsATable) }, (_, index) =>
    rows.slice(index * rowsATable, (index + 1) * rowsATable),
  );
  return parts.map((part) => table(head, part, right)).join('');
}

/** Typewriter by escaped text: LaTeX's verbatim can be ended by what is in it. */
const typewriter = (text: string): string =>
  `\\begin{quote}\\raggedright\\ttfamily\\small\n${text
    .split('\n')
    .map((line) => latexText(line.replace(/^ +/, '')))
    .join('\\\\\n')}\n\\end{quote}\n`;

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `${latexText(block.text)}\n\n`;
    case 'facts':
      return `\\begin{description}\\setlength{\\itemsep}{0pt}\\setlength{\\parskip}{0pt}
${block.rows.map(([label, value]) => `\\item[${latexText(label)}] ${latexText(value)}\n`).join('')}\\end{description}\n`;
    case 'table':
      return tables(block);
    case 'code':
      return typewriter(block.text);
    case 'bars':
    case 'power':
      return '';
  }
}

const preamble = (scene: ExportScene): string => `% Energy statement by Wattrun ${scene.version}.
% Compiles by itself (pdflatex, xelatex, lualatex) with nothing but LaTeX's own classes; for a paper take the first paragraph.
% For a .bib file:
${bibtexEntry(scene)
  .split('\n')
  .map((line) => `% ${line}`)
  .join('\n')}
\\documentclass[a4paper,11pt]{article}
\\usepackage[utf8]{inputenc}
\\usepackage{graphicx}
\\setlength{\\textwidth}{16.5cm}\\setlength{\\oddsidemargin}{-0.3cm}\\setlength{\\evensidemargin}{-0.3cm}
\\setlength{\\textheight}{24cm}\\setlength{\\topmargin}{-1.5cm}
\\setlength{\\emergencystretch}{3em}
% A character that pdflatex has no glyph for is named by its number there.
\\ifdefined\\XeTeXversion\\newcommand{\\wrchar}[2]{#2}\\else\\ifdefined\\directlua\\newcommand{\\wrchar}[2]{#2}\\else\\newcommand{\\wrchar}[2]{[U+#1]}\\fi\\fi
\\newsavebox{\\wrbox}
\\newcommand{\\wrfit}[1]{\\sbox{\\wrbox}{\\small #1}\\ifdim\\wd\\wrbox>\\linewidth\\resizebox{\\linewidth}{!}{\\usebox{\\wrbox}}\\else\\usebox{\\wrbox}\\fi}
`;

const writerFor = (scene: ExportScene): DocumentWriter => ({
  begin: (title) =>
    `${preamble(scene)}\\title{${latexText(title)}}\n\\author{}\n\\date{${new Date(scene.nowMs).toISOString().slice(0, 10)}}\n\\begin{document}\n\\maketitle\n`,
  section: ({ title, level, blocks }) =>
    `\n\\${level === 1 ? 'section' : 'subsection'}*{${latexText(title)}}\n${blocks.map(blockText).join('')}`,
  end: () => '\\end{document}\n',
});

/** An energy statement with method, bounds and versions, and a citation; needs no package beyond LaTeX's own. */
export const latexExport: ExportDefinition = {
  format: { id: 'latex', label: 'LaTeX', extension: 'tex', mimeType: 'application/x-tex', hasProjectReport: true },
  render: (runs, scene) => writtenReport(runs, scene, { writer: writerFor(scene), lineOf: null }),
};
