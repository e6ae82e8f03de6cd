import type { Block, DocumentWriter } from './document.ts';
import type { ExportDefinition } from './export-format.ts';
import { writtenReport } from './written-report.ts';

/**
 * Text from outside as text: nothing in it is a heading, a link, an address, a mention, HTML or another cell. Sources: CommonMark 0.31, 2.4 'Backslash escapes';
 * GitHub Flavored Markdown, 6.9 'Autolinks'.
 */
export function markdownText(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .toWellFormed()
    .trim()
    .replaceAll(/[&<>@\\`*_[\]|~$!#]|:(?=\/\/)|(?<=\bwww)\./gi, (one) => entities[one] ?? `\\${one}`)
    .replace(/^(?=[-+=]|\d+[.)](?:\s|$))/, '&#8203;');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '@': '&#64;',
  ':': '&#58;',
  '.': '&#46;',
};

/** A fence longer than any row of backticks in the text. */
function codeBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.replaceAll(/[^\P{Cc}\n\t]/gu, ' ')}\n${fence}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[], right: readonly number[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const rule = head.map((_, index) => (right.includes(index) ? '---:' : '---'));
  return [head.map(markdownText), rule, ...rows.map((row) => row.map(markdownText))].map(line).join('');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `${markdownText(block.text)}\n`;
    case 'facts':
      return table(['', ''], block.rows, []);
    case 'table':
      return table(block.head, block.rows, block.right);
    case 'code':
      return codeBlock(block.text);
    case 'bars':
    case 'power':
      // Drawn where there is something to draw with; the numbers stand in tables.
      return '';
  }
}

const writer: DocumentWriter = {
  begin: (title) => `# ${markdownText(title)}\n`,
  section: ({ title, level, blocks }) =>
    `\n${'#'.repeat(level + 1)} ${markdownText(title)}\n\n${blocks
      .map(blockText)
      .filter((text) => text !== '')
      .join('\n')}`,
  end: () => '',
};

/** The energy statement with its figures, for a README, an issue or a wiki. */
export const markdownExport: ExportDefinition = {
  format: { id: 'markdown', label: 'Markdown', extension: 'md', mimeType: 'text/markdown', hasProjectReport: true },
  render: (runs, scene) => writtenReport(runs, scene, { writer, lineOf: null }),
};
