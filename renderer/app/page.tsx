import type { ReactNode } from 'react';
import { GlobalStrips } from './global-strips.tsx';

/** The body of a view under its TopBar; strips that concern every page stand at its top. */
export function Page({ children, className = '' }: { readonly children: ReactNode; readonly className?: string }) {
  return (
    <main className="main" id="content" tabIndex={-1}>
      <GlobalStrips />
      <div className={`page ${className}`}>{children}</div>
    </main>
  );
}
