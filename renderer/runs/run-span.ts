/** A run's start and its end, a line each; one line where both read alike: a run of seconds. */
export const spanLines = (started: string, ended: string): readonly string[] =>
  started === ended ? [started] : [`${started} –`, ended];
