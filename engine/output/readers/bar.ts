import { numberOf } from '../reader.ts';

/** One state of a bar of tqdm, or of rich as Lightning draws it. */
export interface Bar {
  /** A bar of tqdm's is drawn in its last state too, unless it was broken off. */
  readonly kind: 'tqdm' | 'rich';
  readonly label: string;
  readonly done: number;
  /** Null where the bar does not know how much there is. */
  readonly total: number | null;
  /** 'it', 'B', 'epoch'. */
  readonly unit: string;
  /** Since the bar was made; null where it says none. */
  readonly elapsedSeconds: number | null;
  /** What was set beside it: 'loss' → 0.5. */
  readonly values: ReadonlyMap<string, number>;
}

/** tqdm's own format (tqdm.std.tqdm.format_meter): `LABEL:  50%|█████     | 5/10 [00:01<00:01, 4.9it/s, loss=0.5]`. */
const measured =
  /(?:^|\s)(\d{1,3})%\|[^|]{0,400}\|\s*([\d.,]+[kKMGT]?)\/([\d.,]+[kKMGT]?)\s*\[([^\],<]{1,20})<[^\],]{1,20}(?:,\s*([^\],]{1,40}))?([^\]]{0,1000})\]?/;
const unmeasured =
  /(?:^|\s)([\d.,]+[kKMGT]?)(it|[A-Za-z]{1,20}) \[(\d[\d:]{3,12})(?:,\s*([^\],]{1,40}))?([^\]]{0,1000})\]?/;

/** Lightning's RichProgressBar, whose epochs are counted from 0: `Epoch 4/4  ━━━━━╸━━━ 57/100 0:00:01 • 0:00:01 81.67it/s train_loss: 1.7`. Narrow ones leave a time out. */
const rich =
  /^\s*(Epoch \d{1,9})(?:\/-?\d{1,9})?\s{1,80}[━╸╺]{1,400}\s{1,9}(\d{1,12})\/(\d{1,12}|--)\s{1,9}(\d{1,4}:\d\d:\d\d|-:--:--)\s{1,9}•\s{1,20}(?:[\d-]{1,4}:[\d-]{2}:[\d-]{2}\s{1,9})?[\d.]{1,12}it\/s(.{0,1000})/;

function parseRich(text: string): Bar | null {
  const match = rich.exec(text);
  if (match === null) return null;
  const [, label = '', done, total, elapsed, rest = ''] = match;
  return {
    kind: 'rich',
    label,
    done: Number(done),
    total: numberOf(total),
    unit: 'it',
    elapsedSeconds: secondsOf(elapsed),
    values: valuesOf(rest),
  };
}

/** Reads the last state of a bar in a line; null where there is none. */
export function parseBar(text: string): Bar | null {
  if (text.includes('it/s') && text.includes('━')) return parseRich(text);
  if (!text.includes('[')) return null;
  const match = text.includes('%|') ? measured.exec(text) : null;
  if (match !== null) {
    const [, , done, total, elapsed, rate, rest = ''] = match;
    const count = numberOf(done);
    if (count === null) return null;
    return {
      kind: 'tqdm',
      label: labelOf(text, match.index),
      done: count,
      total: numberOf(total),
      unit: unitOf(rate),
      elapsedSeconds: secondsOf(elapsed),
      values: valuesOf(rest),
    };
  }
  const open = unmeasured.exec(text);
  if (open === null) return null;
  const [, done, unit = 'it', elapsed, , rest = ''] = open;
  const count = numberOf(done);
  return count === null
    ? null
    : {
        kind: 'tqdm',
        label: labelOf(text, open.index),
        done: count,
        total: null,
        unit,
        elapsedSeconds: secondsOf(elapsed),
        values: valuesOf(rest),
      };
}

const labelOf = (text: string, end: number): string => text.slice(0, end).trim().replace(/:$/, '').slice(0, 200);

/** '01:05' and '1:00:00'. */
function secondsOf(elapsed: string | undefined): number | null {
  const parts = (elapsed ?? '').trim().split(':').map(Number);
  return parts.every(Number.isFinite) && parts.length > 1 ? parts.reduce((sum, part) => sum * 60 + part, 0) : null;
}

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
