import type { ReactNode } from 'react';

/** Signs on a 12 px grid. Squares say where a number comes from; round and pointed ones say a state. */
const shapes = {
  counter: <rect x="1.5" y="1.5" width="9" height="9" rx=".5" fill="currentColor" />,
  sensor: (
    <>
      <rect x="2" y="2" width="8" height="8" rx=".5" fill="none" stroke="currentColor" />
      <rect x="2" y="6" width="8" height="4" fill="currentColor" />
    </>
  ),
  model: <rect x="2" y="2" width="8" height="8" rx=".5" fill="none" stroke="currentColor" />,
  assumed: (
    <rect
      x="2"
      y="2"
      width="8"
      height="8"
      fill="none"
      stroke="currentColor"
      strokeDasharray="2 2"
      strokeDashoffset="1"
    />
  ),
  disc: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  ring: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.3" />,
  half: (
    <>
      <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M6 2a4 4 0 0 1 0 8z" fill="currentColor" />
    </>
  ),
  'down-triangle': <path d="M1.2 2.5h9.6L6 10.8z" fill="currentColor" />,
  cross: <path d="M2.2 2.2l7.6 7.6M9.8 2.2L2.2 9.8" stroke="currentColor" strokeWidth="2" fill="none" />,
  moon: (
    <path
      d="M9.8 7.4A4.3 4.3 0 0 1 4.7 2.2 4.3 4.3 0 1 0 9.8 7.4z"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.3"
      strokeLinejoin="round"
    />
  ),
  barred: (
    <>
      <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M3.2 8.8l5.6-5.6" stroke="currentColor" strokeWidth="1.3" />
    </>
  ),
  play: <path d="M3 1.6l7.2 4.4L3 10.4z" fill="currentColor" />,
  pause: <path d="M3.6 1.8v8.4M8.4 1.8v8.4" stroke="currentColor" strokeWidth="2.4" />,
  tick: <path d="M1.8 6.4l2.9 2.9 5.5-6" fill="none" stroke="currentColor" strokeWidth="1.7" />,
  'disc-cross': (
    <>
      <circle cx="6" cy="6" r="5" fill="currentColor" />
      <path d="M4.2 4.2l3.6 3.6M7.8 4.2L4.2 7.8" stroke="var(--bg)" strokeWidth="1.4" />
    </>
  ),
  'ring-minus': (
    <>
      <circle cx="6" cy="6" r="4.3" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M3.8 6h4.4" stroke="currentColor" strokeWidth="1.6" />
    </>
  ),
  'ring-dashed': (
    <circle cx="6" cy="6" r="4.3" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="4.5 2.25" />
  ),
  info: (
    <>
      <circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" strokeWidth="1.2" />
      <path d="M6 5.4v3.2M6 3.3v.9" stroke="currentColor" strokeWidth="1.3" />
    </>
  ),
  triangle: (
    <>
      <path d="M6 .8l5.6 10H.4z" fill="currentColor" />
      <path d="M6 4.3v3.2M6 8.7v1" stroke="var(--bg)" strokeWidth="1.3" />
    </>
  ),
  diamond: (
    <>
      <path d="M6 .3L11.7 6 6 11.7.3 6z" fill="currentColor" />
      <path d="M6 3v3.6M6 7.8v1" stroke="var(--bg)" strokeWidth="1.3" />
    </>
  ),
  target: (
    <>
      <circle cx="6" cy="6" r="4.3" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <circle cx="6" cy="6" r="1.5" fill="currentColor" />
    </>
  ),
  clock: (
    <>
      <circle cx="6" cy="6" r="4.3" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M6 3.4V6l1.8 1.3" fill="none" stroke="currentColor" strokeWidth="1.3" />
    </>
  ),
  unequal: <path d="M2 4.5h8M2 7.8h8M8.2 1.6L3.8 10.4" fill="none" stroke="currentColor" strokeWidth="1.2" />,
  zed: <path d="M2.5 2.5h6.5l-6.5 7h7" fill="none" stroke="currentColor" strokeWidth="1.5" />,
} as const satisfies Record<string, ReactNode>;

export type SignName = keyof typeof shapes;

/** With a `label` it is an image with that name; without one it stands beside its word and is hidden from readers. */
export function Sign({ name, className, label }: SignProps): ReactNode {
  const classes = className === undefined ? 'm' : `m ${className}`;
  if (label === undefined)
    return (
      <svg className={classes} viewBox="0 0 12 12" aria-hidden="true">
        {shapes[name]}
      </svg>
    );
  return (
    <svg className={classes} viewBox="0 0 12 12" role="img" aria-label={label}>
      <title>{label}</title>
      {shapes[name]}
    </svg>
  );
}

interface SignProps {
  readonly name: SignName;
  readonly className?: string | undefined;
  readonly label?: string | undefined;
}
