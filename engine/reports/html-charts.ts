import type { Bar, PowerLine } from './document.ts';
import { elapsedText, numberText, wattsText } from './report-figures.ts';
import { elapsedTicks } from './time-axis.ts';

export const htmlText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll(/[^\P{Cc}\n\t]/gu, ' ')
    .toWellFormed();

const width = 720;
const height = 180;
const left = 58;
const bottom = 22;
const top = 8;
/** From here on a time's text ends at its place: it would not fit beside it. */
const endsFrom = 0.95;

/** 1, 2 or 5 times a power of ten, so that three to five lines fit under `most`. */
export function axisStep(most: number): number {
  const raw = most / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const lead = raw / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

const round = (value: number): string => value.toFixed(1);

interface Plot {
  readonly x: (index: number) => number;
  readonly y: (value: number) => number;
}

/** A line for each stretch that was read; what was not read stays open. */
function pathOf(values: readonly (number | null)[], { x, y }: Plot): string {
  let isOpen = false;
  return values
    .map((value, index) => {
      if (value === null) {
        isOpen = false;
        return '';
      }
      const step = `${isOpen ? 'L' : 'M'}${round(x(index))} ${round(y(value))}`;
      isOpen = true;
      return step;
    })
    .join('');
}

/** Mean power as a line, the highest of each part as a lighter one above it. */
export function powerChart(caption: string, line: PowerLine): string {
  const most = Math.max(1, ...line.max.filter((value) => value !== null));
  const step = axisStep(most);
  const count = line.mean.length;
  const plot: Plot = {
    x: (index) => left + ((index + 0.5) / count) * (width - left - 4),
    y: (value) => top + (1 - value / most) * (height - top - bottom),
  };
  const lines = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step)
    .map((value) => {
      const y = round(plot.y(value));
      return `<path class="grid" d="M${left} ${y}H${width - 4}"/><text x="${left - 6}" y="${y}" class="end mid">${value === 0 ? '0' : htmlText(wattsText(value))}</text>`;
    })
    .join('');
  const times = elapsedTicks(line.seconds)
    .map((seconds) => {
      const part = seconds === 0 ? 0 : seconds / line.seconds;
      const x = round(left + part * (width - left - 4));
      const anchor = part === 0 ? 'start' : part > endsFrom ? 'end' : 'centre';
      return `<text x="${x}" y="${height - 6}" class="${anchor}">${htmlText(elapsedText(seconds))}</text>`;
    })
    .join('');
  const label = `${caption}: mean and highest of ${numberText(count)} parts of the run`;
  return `<figure><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${htmlText(label)}">${lines}${times}<path class="max" d="${pathOf(line.max, plot)}"/><path class="mean" d="${pathOf(line.mean, plot)}"/></svg><figcaption>${htmlText(caption)}. <span class="mean-key">Mean</span> and <span class="max-key">highest</span>.</figcaption></figure>`;
}

/** Bars from the left, one below the other, each with its number. */
export function barChart(caption: string, bars: readonly Bar[]): string {
  if (bars.length === 0) return '';
  const row = 22;
  const most = Math.max(1e-9, ...bars.map(({ value }) => value));
  const bodies = bars
    .map(({ label, value, text }, index) => {
      const y = index * row;
      const long = (Math.max(0, value) / most) * (width - 200);
      return `<text x="84" y="${y + 15}" class="end">${htmlText(label)}</text><rect class="bar" x="92" y="${y + 3}" width="${round(long)}" height="${row - 6}" rx="2"/><text x="${round(100 + long)}" y="${y + 15}" class="start">${htmlText(text)}</text>`;
    })
    .join('');
  return `<figure><svg viewBox="0 0 ${width} ${bars.length * row}" role="img" aria-label="${htmlText(caption)}">${bodies}</svg><figcaption>${htmlText(caption)}</figcaption></figure>`;
}
