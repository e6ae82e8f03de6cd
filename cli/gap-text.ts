import { gapEffectText, gapReasonTexts } from '../shared/format/gap-words.ts';
import type { RunDomain } from '../shared/model/run.ts';
import { plainText } from './plain-text.ts';

/** A gap of a domain, in one line: when, why, and what became of its energy. */
export function gapText(label: string, gap: RunDomain['gaps'][number]): string {
  const reason = gapReasonTexts[gap.reason];
  return `no reading of ${plainText(label)} from ${gap.from} to ${gap.to}: ${reason}; ${gapEffectText(gap)}`;
}
