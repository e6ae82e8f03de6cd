/** A token's name or a CSS colour as CSS takes it: 's1' → 'var(--s1)'. */
export const cssColor = (color: string): string => (/^[a-z][a-z0-9-]*$/.test(color) ? `var(--${color})` : color);
