import { Tooltip } from 'radix-ui';
import type { ReactNode } from 'react';

interface TipProps {
  /** The number or sign itself; it becomes focusable. */
  readonly children: ReactNode;
  readonly content: ReactNode;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly className?: string;
}

/** One tip under any number, on hover and on focus: bounds, evidence, what was not covered, joules. */
export function Tip({ children, content, side = 'bottom', className = '' }: TipProps): ReactNode {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button type="button" className={`tipped ${className}`}>
          {children}
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tip" side={side} sideOffset={4} collisionPadding={8}>
          {content}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** Around the whole app, once. */
export function TipProvider({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Tooltip.Provider delayDuration={400} skipDelayDuration={200}>
      {children}
    </Tooltip.Provider>
  );
}

export function TipRow({ children, end }: { readonly children: ReactNode; readonly end?: ReactNode }): ReactNode {
  return (
    <div className="row">
      {children}
      {end !== undefined && <span className="grow" />}
      {end}
    </div>
  );
}
