import type { ReactNode } from 'react';
import { Sign, type SignName } from './sign.tsx';

export type StripTone = 'warn' | 'crit' | 'past' | 'info';

const signs: Readonly<Record<StripTone, SignName>> = { warn: 'triangle', crit: 'cross', past: 'clock', info: 'info' };
const inks: Readonly<Record<StripTone, string>> = { warn: 'warn', crit: 'crit', past: 'past', info: 'acc' };

interface StripProps {
  readonly tone: StripTone;
  readonly sign?: SignName;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** One strip for one matter: who, since when, what next; the action at the right. */
export function Strip({ tone, sign, title, children, actions }: StripProps): ReactNode {
  return (
    <div className={`strip k-${tone}`}>
      <span className={inks[tone]}>
        <Sign name={sign ?? signs[tone]} />
      </span>
      <b>{title}</b>
      <span className="s cut">{children}</span>
      <span className="grow" />
      {actions}
    </div>
  );
}
