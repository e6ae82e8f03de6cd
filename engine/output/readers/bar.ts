import { numberOf } from '../reader.ts';

/** One state of a tqdm bar. */
export interface Bar {
  readonly label: string;
  readonly done: number;
  /** Null where the bar does not know how much there is. */
  readonly total: number | null;
  /** 'it', 'B', 'epoch'. */
  readonly unit: string;
  /** What was set beside it: 'loss' → 0.5. */
  readonly values: ReadonlyMap<string, number>;
}

/** tqdm's own format (tqdm.std.tqdm.format_meter): `LABEL:  50%|█████     | 5/10 [00:01<00:01, 4.9it/s, loss=0.5]`. */
const measured =
  /(?:^|\s)(\d{1,3})%\|[^|]{0,400}\|\s*([\d.,]+[kKMGT]?)\/([\d.,]+[kKMGT]?)\s*\[[^\],<]{1,20}<[^\],]{1,20}(?:,\s*([^\],]{1,40}))?([^\]]{0,1000})\]?/;
const unmeasured =
  /(?:^|\s)([\d.,]+[kKMGT]?)(it|[A-Za-z]{1,20}) \[\d[\d:]{3,12}(?:,\s*([^\],]{1,40}))?([^\]]{0,1000})\]?/;

/** Reads the last state of a bar in a line; null where there is none. */
export function parseBar(text: string): Bar | null {
  if (!text.includes('[')) return null;
  const match = text.includes('%|') ? measured.exec(text) : null;
  if (match !== null) {
    const [, , done, total, rate, rest = ''] = match;
    const count = numberOf(done);
    if (count === null) return null;
    return {
      label: labelOf(text, match.index),
      done: count,
      total: numberOf(total),
      unit: unitOf(rate),
      values: valuesOf(rest),
    };
  }
  const open = unmeasured.exec(text);
  if (open === null) return null;
  const [, done, unit = 'it', , rest = ''] = open;
  const count = numberOf(done);
  return count === null
    ? null
    : { label: labelOf(text, open.index), done: count, total: null, unit, values: valuesOf(rest) };
}

const labelOf = (text: string, end: number): string => text.slice(0, end).trim().replace(/:$/, '').slice(0, 200);

/** '24.3it/s' and '1.20s/it' are both of 'it'. */
function unitOf(rate: string | undefined): string {
  const match = /([A-Za-z]+)\/s\b|s\/([A-Za-z]+)/.exec(rate ?? '');
  return match?.[1] ?? match?.[2] ?? 'it';
}

function valuesOf(rest: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const match of rest.matchAll(/([A-Za-z_][\w./-]{0,60})\s{0,3}[=:]\s{0,3}([-+]?[\d.]+(?:e[-+]?\d+)?)/g)) {
    const value = numberOf(match[2]);
    if (value !== null) values.set((match[1] ?? '').trim(), value);
  }
  return values;
}
