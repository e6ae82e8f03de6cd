import type { GapReason } from '../model/domain.ts';

/** Why there was no reading, as a clause. */
export const gapReasonTexts: Readonly<Record<GapReason, string>> = {
  suspend: 'the machine was asleep',
  timeout: 'the source gave no answer in time',
  lost: 'the device was lost',
  permission: 'reading was not allowed',
  restart: 'Wattrun was restarted',
  'held-up': 'Wattrun itself was stopped, or given no time to run',
  'no-reading': 'the source gave no value',
  reset: 'the counter was reset',
  invalid: 'the value was impossible',
  failed: 'reading failed',
  asleep: 'the device slept and was not woken',
  stuck: 'the counter stood still',
};

interface GapKind {
  readonly reason: GapReason;
  readonly isBridged: boolean;
}

/** Where a counter was reset or stood still, power samples tell what was drawn meanwhile; else the counter's own difference does. */
export const isBridgedByPower = ({ reason, isBridged }: GapKind): boolean =>
  isBridged && (reason === 'reset' || reason === 'stuck');

/** What became of the energy of that time. */
export function gapEffectText(gap: GapKind): string {
  if (!gap.isBridged) return 'its energy is missing';
  return `${isBridgedByPower(gap) ? 'power samples cover' : 'a counter covers'} the energy`;
}
