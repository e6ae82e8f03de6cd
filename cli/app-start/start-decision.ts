import type { ChildEnd } from '../child-end.ts';

/** What keeps Electron from opening a window. */
export interface Obstacle {
  readonly kind: 'no-display' | 'root' | 'not-installed' | 'not-fetched' | 'fetch-timeout' | 'fetch-off' | 'died';
  readonly detail?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface Desktop {
  readonly platform: string;
  /** null where the system knows no user numbers. */
  readonly userId: number | null;
  readonly environment: Environment;
}

/** What keeps Electron from opening a window here, as far as that is known without trying. */
export function knownObstacle({ platform, userId, environment }: Desktop): Obstacle | null {
  if (platform !== 'linux') return null;
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return { kind: 'no-display' };
  // Chromium refuses root with its sandbox on, and the sandbox stays on.
  return userId === 0 ? { kind: 'root' } : null;
}

const usualFetchSeconds = 120;

/** How long the download may take; 0: it is not tried. */
export function fetchLimitSeconds(environment: Environment): number {
  const asked = Number(environment.WATTRUN_FETCH_SECONDS);
  const isNumber = (environment.WATTRUN_FETCH_SECONDS ?? '').trim() !== '' && Number.isFinite(asked) && asked >= 0;
  return isNumber ? asked : usualFetchSeconds;
}

export interface FetchOutcome {
  readonly isInstalled: boolean;
  readonly isTimedOut: boolean;
  readonly limitSeconds: number;
  /** What the download wrote to its standard error. */
  readonly said: string;
}

/** Why a download gave no binary; null where it gave one. */
export function fetchObstacle({ isInstalled, isTimedOut, limitSeconds, said }: FetchOutcome): Obstacle | null {
  if (isInstalled) return null;
  if (limitSeconds === 0) return { kind: 'fetch-off' };
  if (isTimedOut) return { kind: 'fetch-timeout', detail: `${limitSeconds} s` };
  return { kind: 'not-fetched', detail: causeIn(said) };
}

/** The cause in what a failed download said, short enough for a sentence. */
function causeIn(said: string): string {
  const network =
    /\b(?:getaddrinfo |connect )?(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT)\b[^\n}']*/.exec(said);
  const error = /^(?:\w*Error): (.+)$/m.exec(said);
  const cause = network?.[0] ?? error?.[1] ?? 'the download failed';
  return cause
    .trim()
    .replace(/[.,;]+$/, '')
    .slice(0, 120);
}

const earlySeconds = 15;

export interface WindowEnd extends ChildEnd {
  readonly aliveSeconds: number;
  /** A signal asked for the end. */
  readonly wasAsked: boolean;
}

/** Whether Electron's end means that it cannot run here, rather than that the user is done. */
export function earlyDeath({ code, signal, aliveSeconds, wasAsked }: WindowEnd): Obstacle | null {
  if (wasAsked || code === 0 || aliveSeconds > earlySeconds) return null;
  return { kind: 'died', detail: signal === null ? `code ${code}` : signal };
}

/** One sentence: why there is no window, and what happens instead. */
export function obstacleSentence(obstacle: Obstacle): string {
  return `Wattrun cannot open its own window because ${reason(obstacle)}, so it serves the same pages to your browser.`;
}

function reason({ kind, detail }: Obstacle): string {
  switch (kind) {
    case 'no-display':
      return 'there is no display';
    case 'root':
      return 'Electron does not run as root with its sandbox on';
    case 'not-installed':
      return 'Electron is not installed';
    case 'not-fetched':
      return `Electron could not be downloaded (${detail})`;
    case 'fetch-timeout':
      return `Electron was not downloaded within ${detail} (WATTRUN_FETCH_SECONDS sets the limit)`;
    case 'fetch-off':
      return 'Electron is not installed and WATTRUN_FETCH_SECONDS=0 forbids the download';
    case 'died':
      return `Electron ended at once (${detail})`;
  }
}
