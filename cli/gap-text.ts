import type { GapReason } from '../shared/model/domain.ts';
import type { RunDomain } from '../shared/model/run.ts';
import { plainText } from './plain-text.ts';

const reasonTexts: Readonly<Record<GapReason, string>> = {
  suspend: 'the machine was asleep',
  timeout: 'the source gave no answer in time',
  lost: 'the device was lost',
  permission: 'reading was not allowed',
  restart: 'Wattrun was restarted',
  'no-reading': 'the source gave no value',
  reset: 'the counter was reset',
  invalid: 'the value was impossible',
  failed: 'reading failed',
  asleep: 'the device slept and was not woken',
  stuck: 'the counter stood still',
};

/** A gap of a domain, in one line: when, why, and what became of its energy. */
export function gapText(label: string, { from, to, reason, isBridged }: RunDomain['gaps'][number]): string {
  const effect = isBridged
    ? `${reason === 'reset' ? 'power samples cover' : 'a counter covers'} the energy`
    : 'its energy is missing';
  return `no reading of ${plainText(label)} from ${from} to ${to}: ${reasonTexts[reason]}; ${effect}`;
}
