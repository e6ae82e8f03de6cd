import { InvalidArgumentError } from 'commander';

/** Unix time of a date (2026-11-01) or an age (90m, 12h, 7d, 4w). */
export function sinceArgument(text: string): number {
  const back = /^(\d+)([mhdw])$/.exec(text);
  if (back !== null)
    return (
      Date.now() -
      Number(back[1]) * { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }[back[2] as 'm' | 'h' | 'd' | 'w']
    );
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('It must be a date (2026-11-01) or an age (90m, 12h, 7d, 4w).');
  return at;
}
