import type { ReactNode } from 'react';
import { SearchButton } from '../palette/search-button.tsx';

interface TopBarProps {
  readonly title: ReactNode;
  /** Tabs and the like, beside the title. */
  readonly lead?: ReactNode;
  /** Controls, at the right. */
  readonly children?: ReactNode;
}

/** The first child of every view: page title, its views, its controls. */
export function TopBar({ title, lead, children }: TopBarProps): ReactNode {
  return (
    <header className="top">
      <h1>{title}</h1>
      {lead}
      <span className="grow" />
      {children}
      <SearchButton />
    </header>
  );
}
