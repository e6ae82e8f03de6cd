// What `npm start` decides, as functions of what it found: no file, process or clock in here.

/**
 * @typedef {'no-display' | 'root' | 'not-fetched' | 'fetch-timeout' | 'fetch-off' | 'died'} ObstacleKind
 * @typedef {{ readonly kind: ObstacleKind, readonly detail?: string }} Obstacle
 * @typedef {Readonly<Record<string, string | undefined>>} Environment
 */

/**
 * Whether what is built can be run as it is. A folder without sources (an installed package) is never stale.
 * @param {{ readonly outputTimesMs: readonly (number | null)[], readonly newestSourceMs: number | null }} found
 * @returns {'none' | 'missing' | 'stale'}
 */
export function buildNeed({ outputTimesMs, newestSourceMs }) {
  if (outputTimesMs.includes(null)) return 'missing';
  const oldestMs = Math.min(...outputTimesMs.map((timeMs) => timeMs ?? 0));
  return newestSourceMs !== null && newestSourceMs > oldestMs ? 'stale' : 'none';
}

/**
 * What keeps Electron from opening a window here, as far as that is known without trying.
 * @param {{ readonly platform: string, readonly userId: number | null, readonly environment: Environment }} machine
 * @returns {Obstacle | null}
 */
export function knownObstacle({ platform, userId, environment }) {
  if (platform !== 'linux') return null;
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return { kind: 'no-display' };
  // Chromium refuses root with its sandbox on, and the sandbox stays on.
  return userId === 0 ? { kind: 'root' } : null;
}

const usualFetchSeconds = 120;

/**
 * How long the download may take; 0: it is not tried.
 * @param {Environment} environment
 * @returns {number}
 */
export function fetchLimitSeconds(environment) {
  const asked = Number(environment.WATTRUN_FETCH_SECONDS);
  const isNumber = (environment.WATTRUN_FETCH_SECONDS ?? '').trim() !== '' && Number.isFinite(asked) && asked >= 0;
  return isNumber ? asked : usualFetchSeconds;
}

/**
 * Why a download gave no binary; null where it gave one.
 * @param {{ readonly isInstalled: boolean, readonly isTimedOut: boolean, readonly limitSeconds: number, readonly said: string }} outcome
 * @returns {Obstacle | null}
 */
export function fetchObstacle({ isInstalled, isTimedOut, limitSeconds, said }) {
  if (isInstalled) return null;
  if (limitSeconds === 0) return { kind: 'fetch-off' };
  if (isTimedOut) return { kind: 'fetch-timeout', detail: `${limitSeconds} s` };
  return { kind: 'not-fetched', detail: causeIn(said) };
}

/**
 * The cause in what a failed download said, short enough for a sentence.
 * @param {string} said
 * @returns {string}
 */
function causeIn(said) {
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

/**
 * Whether Electron's end means that it cannot run here, rather than that the user is done.
 * @param {{ readonly code: number | null, readonly signal: string | null, readonly aliveSeconds: number, readonly wasAsked: boolean }} end
 * @returns {Obstacle | null}
 */
export function earlyDeath({ code, signal, aliveSeconds, wasAsked }) {
  if (wasAsked || code === 0 || aliveSeconds > earlySeconds) return null;
  return { kind: 'died', detail: signal === null ? `code ${code}` : signal };
}

/**
 * One sentence: why there is no window, and what happens instead.
 * @param {Obstacle} obstacle
 * @returns {string}
 */
export function obstacleSentence(obstacle) {
  return `Wattrun cannot open its own window because ${reason(obstacle)}, so it serves the same pages to your browser.`;
}

/**
 * @param {Obstacle} obstacle
 * @returns {string}
 */
function reason({ kind, detail }) {
  switch (kind) {
    case 'no-display':
      return 'there is no display';
    case 'root':
      return 'Electron does not run as root with its sandbox on';
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

const signalNumbers = /** @type {const} */ ({ SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 });

/**
 * A shell's exit code for how a child ended.
 * @param {number | null} code
 * @param {string | null} signal
 * @returns {number}
 */
export function exitCodeOf(code, signal) {
  if (code !== null) return code;
  return 128 + (signalNumbers[/** @type {keyof typeof signalNumbers} */ (signal)] ?? 1);
}
