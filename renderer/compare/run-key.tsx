import type { ComparedRun } from './compared-run.ts';

/** The line that stands for a run in every chart here. */
export function RunKey({ run }: { readonly run: Pick<ComparedRun, 'color' | 'dash'> }) {
  return (
    <svg className="cp-key" width="24" height="8" aria-hidden="true">
      <path d="M0 4H24" stroke={`var(--${run.color})`} strokeWidth="2.5" strokeDasharray={run.dash.join(' ')} />
    </svg>
  );
}
