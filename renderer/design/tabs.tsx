import type { ReactNode } from 'react';

interface TabLinksProps {
  readonly label: string;
  readonly links: readonly { readonly href: string; readonly label: string; readonly isCurrent: boolean }[];
}

/** Views of one page, each with its own address. */
export function TabLinks({ label, links }: TabLinksProps): ReactNode {
  return (
    <nav className="tabs" aria-label={label}>
      {links.map((link) => (
        <a key={link.href} href={link.href} aria-current={link.isCurrent ? 'page' : undefined}>
          {link.label}
        </a>
      ))}
    </nav>
  );
}
