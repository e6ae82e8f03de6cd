import type { ReactNode } from 'react';

/** Line icons on a 16 px grid, stroked 1.5 px in the text colour. */
const shapes = {
  live: <path d="M1.5 8.5h3l2-5.5 3 10 2-6.5 1 2h2" />,
  runs: <path d="M2 4h1M2 8h1M2 12h1M6 4h8M6 8h8M6 12h5" />,
  compare: <path d="M2 12c3 0 3-8 6-8s3 5 6 5M2 8c3 0 3 5 6 5s3-7 6-7" />,
  alerts: <path d="M3.5 11.5h9c-1-1-1.2-2-1.2-4a3.3 3.3 0 0 0-6.6 0c0 2-.2 3-1.2 4zM6.7 13.8h2.6" />,
  sensors: (
    <>
      <path d="M2.6 12a6.2 6.2 0 1 1 10.8 0M8 9.5l3-3.2" />
      <circle cx="8" cy="9.8" r="1" />
    </>
  ),
  settings: (
    <>
      <path d="M2 4.5h6M11.5 4.5H14M2 11.5h2.5M8 11.5h6" />
      <circle cx="9.8" cy="4.5" r="1.7" />
      <circle cx="6.2" cy="11.5" r="1.7" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.2" />
      <path d="M10.2 10.2L14 14" />
    </>
  ),
  down: <path d="M3.5 6l4.5 4.5L12.5 6" />,
  right: <path d="M6 3.5L10.5 8 6 12.5" />,
  left: <path d="M10 3.5L5.5 8l4.5 4.5" />,
  'arrow-up': <path d="M8 13V3.5M4 7l4-4 4 4" />,
  'arrow-down': <path d="M8 3v9.5M4 9l4 4 4-4" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 3.5v-.2a1 1 0 0 0-1-.8H3.5a1 1 0 0 0-1 1v6a1 1 0 0 0 .8 1h.2" />
    </>
  ),
  layout: <path d="M2.5 3h5v4.5h-5zM9.5 3h4v4.5h-4zM2.5 9.5h11v3.5h-11z" />,
  wide: <path d="M2 3v10M14 3v10M4.5 8h7M6.5 6l-2 2 2 2M9.5 6l2 2-2 2" />,
  grip: <path d="M6 3.5h.01M10 3.5h.01M6 8h.01M10 8h.01M6 12.5h.01M10 12.5h.01" strokeWidth="2" />,
  print: <path d="M4.5 6V2.5h7V6M4.5 11.5H2.5V6h11v5.5h-2M4.5 9.5h7v4h-7z" />,
  check: <path d="M3 8.5l3.2 3.2L13 4.8" />,
  close: <path d="M4 4l8 8M12 4l-8 8" />,
  more: (
    <>
      <circle cx="3.5" cy="8" r=".8" fill="currentColor" />
      <circle cx="8" cy="8" r=".8" fill="currentColor" />
      <circle cx="12.5" cy="8" r=".8" fill="currentColor" />
    </>
  ),
  plus: <path d="M8 3v10M3 8h10" />,
  filter: <path d="M2 3.5h12L9.5 8.6V13l-3-1.4v-3z" />,
  save: <path d="M8 2.5v7M5 7l3 3 3-3M2.5 10.5v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2" />,
  import: <path d="M8 9.5v-7M5 5l3-3 3 3M2.5 10.5v2a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-2" />,
  refresh: <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3" />,
  side: (
    <>
      <rect x="2" y="3" width="12" height="10" rx="1.5" />
      <path d="M6.2 3v10" />
    </>
  ),
  git: (
    <>
      <circle cx="4.5" cy="3.8" r="1.5" />
      <circle cx="4.5" cy="12.2" r="1.5" />
      <circle cx="11.5" cy="6" r="1.5" />
      <path d="M4.5 5.3v5.4M11.5 7.5c0 2-3 2.3-6 2.8" />
    </>
  ),
  term: <path d="M2.5 4l4 4-4 4M8 12.5h5.5" />,
  host: (
    <>
      <rect x="2" y="2.5" width="12" height="4.5" rx="1" />
      <rect x="2" y="9" width="12" height="4.5" rx="1" />
      <path d="M4.5 4.8h.1M4.5 11.2h.1" />
    </>
  ),
  trash: <path d="M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5" />,
  tag: (
    <>
      <path d="M2.5 2.5h5l6 6-5 5-6-6z" />
      <path d="M5.2 5.2h.1" />
    </>
  ),
  bell: <path d="M3.5 11.5h9c-1-1-1.2-2-1.2-4a3.3 3.3 0 0 0-6.6 0c0 2-.2 3-1.2 4z" />,
  info: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M8 7.3v3.4M8 5.2v.1" />
    </>
  ),
  play: <path d="M5 3.5l7 4.5-7 4.5z" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" />,
  cols: <path d="M3 3v10M8 3v10M13 3v10" />,
  note: <path d="M3 3h10v7l-3 3H3zM10 13v-3h3" />,
  globe: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M2.2 8h11.6M8 2.2c2 2 2.6 3.7 2.6 5.8S10 12 8 13.8C6 12 5.4 10.1 5.4 8S6 4.2 8 2.2" />
    </>
  ),
  layers: <path d="M8 2.5l6 3-6 3-6-3zM2 8.5l6 3 6-3M2 11.2l6 3 6-3" />,
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  pin: <path d="M6 2.5h4M6.5 2.5v4L5 9h6L9.5 6.5v-4M8 9v4.5" />,
  mini: (
    <>
      <rect x="2" y="3" width="12" height="10" rx="1" />
      <rect x="8" y="8" width="4" height="3" />
    </>
  ),
  stop: <rect x="4" y="4" width="8" height="8" rx="1" />,
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof shapes;
export const iconNames = Object.keys(shapes) as readonly IconName[];

/** Decorative: the control that holds it carries the name. */
export function Icon({ name, className }: { readonly name: IconName; readonly className?: string }): ReactNode {
  return (
    <svg className={className === undefined ? 'i' : `i ${className}`} viewBox="0 0 16 16" aria-hidden="true">
      {shapes[name]}
    </svg>
  );
}

export function Logo(): ReactNode {
  return (
    <svg className="logo" viewBox="0 0 20 20" aria-hidden="true">
      <path d="M1.5 3v14M18.5 3v14" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path
        d="M1.5 10h2.5l2 5.5 4-10.5 4 10.5 2-5.5h2.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinejoin="round"
      />
    </svg>
  );
}
