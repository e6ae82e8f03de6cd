import type { Block, DocumentWriter } from './document.ts';
import type { ExportDefinition } from './export-format.ts';
import { barChart, htmlText, powerChart } from './html-charts.ts';
import { htmlStyle } from './html-style.ts';
import { powerLineOf } from './power-line.ts';
import { writtenReport } from './written-report.ts';

/** Names from outside may be written from right to left: each is a world of its own. */
const cell = (text: string): string => `<bdi>${htmlText(text)}</bdi>`;

function table({ head, rows, right }: Extract<Block, { kind: 'table' }>): string {
  const place = (index: number): string => (right.includes(index) ? ' class="num"' : '');
  const heads = head.map((text, index) => `<th scope="col"${place(index)}>${htmlText(text)}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${row.map((text, index) => `<td${place(index)}>${cell(text)}</td>`).join('')}</tr>`)
    .join('\n');
  return `<div class="wide"><table><thead><tr>${heads}</tr></thead><tbody>\n${body}\n</tbody></table></div>\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${cell(block.text)}</p>\n`;
    case 'facts':
      return `<dl>${block.rows.map(([label, value]) => `<dt>${htmlText(label)}</dt><dd>${cell(value)}</dd>`).join('')}</dl>\n`;
    case 'table':
      return table(block);
    case 'code':
      return `<pre>${htmlText(block.text)}</pre>\n`;
    case 'bars':
      return barChart(block.caption, block.bars);
    case 'power':
      return powerChart(block.caption, block.line);
  }
}

const writer: DocumentWriter = {
  begin: (title) =>
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n<title>${htmlText(title)}</title>\n<style>${htmlStyle}</style>\n</head>\n<body>\n<main>\n<h1>${htmlText(title)}</h1>\n`,
  section: ({ title, level, blocks }) =>
    `<section class="level${level}">\n<h${level + 1}>${cell(title)}</h${level + 1}>\n${blocks.map(blockText).join('')}</section>\n`,
  end: () => '</main>\n</body>\n</html>\n',
};

/** One file with everything in it: no script, no font, no address. */
export const htmlExport: ExportDefinition = {
  format: { id: 'html', label: 'HTML report', extension: 'html', mimeType: 'text/html', hasProjectReport: true },
  render: (runs, scene) => writtenReport(runs, scene, { writer, lineOf: powerLineOf }),
};
