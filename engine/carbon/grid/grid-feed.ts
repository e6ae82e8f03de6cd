import { setImmediate as breathe, setTimeout as delay } from 'node:timers/promises';
import type { GridProviderId, GridStatus, IntensityPoint } from '../../../shared/model/carbon.ts';
import type { Settings } from '../../../shared/model/settings.ts';
import { msFromHours, msFromSeconds } from '../../../shared/units.ts';
import type { LearnedFacts } from '../../sources/source.ts';
import type { Store } from '../../store/store.ts';
import { seriesFromSettings } from '../carbon.ts';
import type { AskGrid, GridAnswer } from './ask-grid.ts';
import { createAskedBook, nextAsk } from './asked-book.ts';
import type { GridProblem, GridProvider, GridQuestion, GridReading } from './grid-provider.ts';
import { gridOff, gridStatus } from './grid-status.ts';
import type { GridTokens } from './grid-tokens.ts';
import type { ReadIntensityFile } from './intensity-file.ts';
import { gridDescriptors, gridProviderOf } from './registry.ts';

export interface GridFeedOptions {
  readonly store: Store;
  readonly learned: LearnedFacts;
  readonly tokens: GridTokens;
  readonly unixMs: () => number;
  readonly settings: () => Settings;
  /** In place of every provider's own address; null: theirs. */
  readonly url: string | null;
  readonly ask: AskGrid;
  readonly readFile: ReadIntensityFile;
  readonly write: (work: () => void) => void;
  readonly log: (message: string) => void;
  /** New readings are in the record. */
  readonly onReadings: (series: string) => void;
  readonly onChanged: () => void;
  /** Between two pieces of the past. Default: a second. */
  readonly pauseMs?: number;
}

/** Asks for the grid's intensity when it is due and allowed; nothing waits for it. Off until the settings name a provider. */
export interface GridFeed {
  /** Called on every tick; begins at most one question and returns at once. */
  step(): void;
  /** Asks now if the last question was long enough ago; resolves when it is answered. */
  fetchNow(): Promise<GridStatus>;
  /** The same for somebody who tries a provider: also right after a question that failed or was never answered, and in any case with a token that was never tried. */
  tryNow(isNewToken: boolean): Promise<GridStatus>;
  /** Asks for the past from a moment on, piece by piece, until one is refused. */
  fetchSince(fromMs: number): Promise<GridStatus>;
  status(): GridStatus;
  /** The reading that covers this moment. */
  current(): IntensityPoint | null;
  /** Readings over a span, from memory. */
  points(fromMs: number, toMs: number): readonly IntensityPoint[];
  forecast(): readonly IntensityPoint[];
  /** Puts readings of the user's own on record, a few at a time. */
  keepReadings(series: string, points: readonly IntensityPoint[]): Promise<void>;
  close(): Promise<void>;
}

const batchSize = 500;
const memoryMs = msFromHours(49);
/** Someone who presses a button may ask again this soon after a question that failed. */
const impatientMs = 10_000;
const givenUpWaitMs = 60_000;
const farthestBackMs = msFromHours(24 * 400);

interface Memory {
  readonly series: string;
  readings: readonly IntensityPoint[];
  forecast: readonly IntensityPoint[];
  newest: IntensityPoint | null;
}

export function createGridFeed(options: GridFeedOptions): GridFeed {
  const { store, tokens, unixMs } = options;
  const asked = createAskedBook(options.learned);
  const stop = new AbortController();
  const closed = new Promise<GridAnswer>((resolve) =>
    stop.signal.addEventListener('abort', () => resolve(givenUp), { once: true }),
  );
  /** Whatever still asks when this is closed is not waited for. */
  const askUntilClosed: AskGrid = (request, signal) => Promise.race([options.ask(request, signal), closed]);
  let memory: Memory | null = null;
  let problem: (GridProblem & { readonly series: string }) | null = null;
  let inFlight: Promise<void> | null = null;
  let isForecastRefused = false;
  let configuration = '';

  function remembered(): Memory | null {
    const series = seriesFromSettings(options.settings());
    if (series === null) return null;
    if (memory?.series !== series) memory = recall(series);
    return memory;
  }

  function recall(series: string): Memory {
    const nowMs = unixMs();
    const span = { fromMs: nowMs - memoryMs, toMs: nowMs + memoryMs };
    return {
      series,
      readings: store.listIntensities(series, span),
      forecast: store.listIntensities(series, { ...span, isForecast: true }),
      newest: store.newestIntensity(series),
    };
  }

  const periodMsOf = (id: GridProviderId): number =>
    msFromSeconds(gridDescriptors.find((one) => one.id === id)?.periodSeconds ?? 3600);

  /** What keeps it from being asked at all; null: nothing. */
  function obstacle(): GridProblem | null {
    const { gridProvider: id, gridZone, gridCsvPath } = options.settings();
    if (id === null) return null;
    if (id === 'csv')
      return gridCsvPath === null && remembered()?.newest == null
        ? { code: 'file-missing', message: 'No file has been chosen.' }
        : null;
    const provider = gridProviderOf(id);
    if (provider === null) return null;
    if (provider.descriptor.needsToken && tokens.read(id) === null)
      return { code: 'token-missing', message: `${provider.descriptor.label} needs a token.` };
    const wrong = provider.checkZone(gridZone ?? '');
    return wrong === null ? null : { code: 'zone-missing', message: wrong };
  }

  /** Another provider, zone, file or address is another matter: what went wrong before is not its. */
  function noticeChange(): void {
    const { gridProvider, gridZone, gridUrl, gridCsvPath } = options.settings();
    const token = gridProvider === null ? null : tokens.read(gridProvider);
    const next = JSON.stringify([gridProvider, gridZone, gridUrl, gridCsvPath, token]);
    if (next === configuration) return;
    const isFirst = configuration === '';
    configuration = next;
    problem = null;
    isForecastRefused = false;
    const series = seriesFromSettings(options.settings());
    // A refusal of before must not keep a new token waiting; nor may a restart shorten the wait.
    if (!isFirst && series !== null && (asked.read(series)?.failures ?? 0) > 0) asked.forget(series);
  }

  function questionOf(provider: GridProvider, id: GridProviderId): GridQuestion {
    const { gridZone, gridUrl } = options.settings();
    const nowMs = unixMs();
    const knownMs = remembered()?.newest?.toMs ?? nowMs;
    return {
      nowMs,
      zone: gridZone ?? '',
      token: tokens.read(id) ?? '',
      url: (gridUrl ?? options.url ?? provider.descriptor.defaultUrl ?? '').replace(/\/+$/, ''),
      // A day back again: estimates are replaced by what was measured.
      fromMs: Math.min(knownMs, nowMs) - msFromHours(24),
    };
  }

  async function keep(series: string, points: readonly IntensityPoint[], isForecast: boolean): Promise<void> {
    const known = isForecast ? null : store.newestIntensity(series);
    // Average and marginal are two things: the newer file takes the place of the other kind.
    if (known !== null && known.kind !== points[0]?.kind) options.write(() => store.dropReadings(series));
    for (let i = 0; i < points.length; i += batchSize) {
      const batch = points.slice(i, i + batchSize);
      options.write(() => store.putIntensities(series, batch, { isForecast, fetchedMs: unixMs() }));
      await breathe();
    }
  }

  async function askFile(series: string): Promise<GridProblem | null> {
    const { gridCsvPath } = options.settings();
    if (gridCsvPath === null) return null;
    const reading = await options.readFile(gridCsvPath, unixMs());
    if (reading === 'unchanged') return problem?.series === series ? problem : null;
    return take(series, reading, false);
  }

  async function take(series: string, reading: GridReading, isForecast: boolean): Promise<GridProblem | null> {
    if (reading.kind === 'problem') return reading.problem;
    await keep(series, reading.points, isForecast);
    if (isForecast) options.write(() => store.dropForecast(series, unixMs() - msFromHours(48)));
    if (memory?.series === series) memory = recall(series);
    if (!isForecast) options.onReadings(series);
    return null;
  }

  /** The question after the reading it is for, so that a forecast that is not allowed costs no reading. */
  async function askProvider(
    provider: GridProvider,
    id: GridProviderId,
    series: string,
  ): Promise<{ readonly problem: GridProblem | null; readonly retryAfterMs: number | null }> {
    const question = questionOf(provider, id);
    const answer = await askUntilClosed(provider.historyRequest(question), stop.signal);
    await provider.prepare?.();
    const failure = await takeAnswer(series, answer, (text) => provider.parseHistory(text, question));
    if (failure !== null || provider.forecastRequest === null || isForecastRefused || stop.signal.aborted)
      return { problem: failure, retryAfterMs: retryAfterOf(answer) };
    const ahead = await askUntilClosed(provider.forecastRequest(question), stop.signal);
    const refusal = await takeAnswer(series, ahead, (text) => provider.parseForecast(text, question), true);
    // Not every plan has it: it is no fault of the readings.
    isForecastRefused = refusal?.code === 'refused';
    if (refusal !== null) options.log(`grid forecast: ${refusal.message}`);
    return { problem: null, retryAfterMs: retryAfterOf(ahead) };
  }

  async function takeAnswer(
    series: string,
    answer: GridAnswer,
    parse: (text: string) => GridReading,
    isForecast = false,
  ): Promise<GridProblem | null> {
    if (answer.kind === 'problem') return answer.problem;
    return take(series, parse(answer.text), isForecast);
  }

  async function ask(id: GridProviderId, series: string): Promise<void> {
    const periodMs = periodMsOf(id);
    const failuresBefore = asked.read(series)?.failures ?? 0;
    // Written before it is asked: whoever dies over an answer does not ask again at once.
    const unanswered = { lastMs: unixMs(), failures: failuresBefore, isUnanswered: true } as const;
    asked.write(series, { ...unanswered, notBeforeMs: unixMs() + periodMs }, id !== 'csv');
    const provider = gridProviderOf(id);
    const result =
      provider === null
        ? { problem: await askFile(series), retryAfterMs: null }
        : await askProvider(provider, id, series);
    if (stop.signal.aborted) {
      // Given up, not answered: whoever comes next need not wait a whole period.
      const soonMs = unixMs() + Math.min(periodMs, givenUpWaitMs);
      asked.write(series, { ...unanswered, lastMs: unixMs(), notBeforeMs: soonMs }, id !== 'csv');
      problem = result.problem === null ? null : { ...result.problem, series };
      return;
    }
    const failures = result.problem === null ? 0 : failuresBefore + 1;
    const notBeforeMs = nextAsk({
      nowMs: unixMs(),
      periodMs,
      failures: provider === null ? 0 : failures,
      retryAfterMs: result.retryAfterMs,
    });
    asked.write(series, { lastMs: unixMs(), notBeforeMs, failures }, id !== 'csv');
    problem = result.problem === null ? null : { ...result.problem, series };
    if (problem !== null) options.log(`grid: ${problem.message}`);
    options.onChanged();
  }

  async function askSince(provider: GridProvider, id: GridProviderId, sinceMs: number): Promise<void> {
    const question = questionOf(provider, id);
    const series = remembered()?.series ?? '';
    const { nowMs } = question;
    for (let fromMs = Math.max(sinceMs, nowMs - farthestBackMs); fromMs < nowMs; fromMs += provider.longestRangeMs) {
      const toMs = Math.min(nowMs, fromMs + provider.longestRangeMs);
      const answer = await askUntilClosed(provider.rangeRequest(question, { fromMs, toMs }), stop.signal);
      await provider.prepare?.();
      const failure = await takeAnswer(series, answer, (text) => provider.parseHistory(text, question));
      if (stop.signal.aborted) return;
      problem = failure === null || failure.code === 'no-data' ? null : { ...failure, series };
      if (problem !== null) break;
      if (toMs < nowMs) await delay(options.pauseMs ?? 1000);
    }
    options.onChanged();
  }

  function begin(id: GridProviderId, series: string): Promise<void> {
    return follow(ask(id, series));
  }

  function follow(question: Promise<void>): Promise<void> {
    inFlight = question
      .catch((error: unknown) => options.log(`grid: ${error instanceof Error ? error.stack : String(error)}`))
      .finally(() => {
        inFlight = null;
      });
    return inFlight;
  }

  /** A clock that was set back must not stop the asking for good. */
  function isDue(series: string, periodMs: number): boolean {
    const before = asked.read(series);
    const nowMs = unixMs();
    return before === null || nowMs >= before.notBeforeMs || before.lastMs > nowMs + periodMs;
  }

  let checkedMs = Number.NEGATIVE_INFINITY;
  const checkEveryMs = 1000;

  function current(): IntensityPoint | null {
    const nowMs = unixMs();
    return remembered()?.readings.find(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs) ?? null;
  }

  function status(): GridStatus {
    const { gridProvider: provider } = options.settings();
    const known = remembered();
    if (provider === null || known === null) return gridOff;
    return gridStatus({
      ...known,
      provider,
      current: current(),
      nowMs: unixMs(),
      periodMs: periodMsOf(provider),
      hasToken: tokens.read(provider) !== null,
      asked: asked.read(known.series),
      problem:
        obstacle() ?? (problem?.series === known.series ? { code: problem.code, message: problem.message } : null),
    });
  }

  async function fetchNow(): Promise<GridStatus> {
    noticeChange();
    const { gridProvider: id } = options.settings();
    const series = seriesFromSettings(options.settings());
    if (inFlight !== null) await inFlight;
    else if (id !== null && series !== null && obstacle() === null && mayAskNow(series, periodMsOf(id)))
      await begin(id, series);
    return status();
  }

  return {
    fetchNow,
    async tryNow(isNewToken) {
      // A question on its way is somebody else's: its answer says nothing of what is tried.
      if (inFlight !== null) await inFlight;
      const series = seriesFromSettings(options.settings());
      const before = series === null ? null : asked.read(series);
      if (series !== null && before !== null && (isNewToken || before.failures > 0 || before.isUnanswered === true))
        asked.forget(series);
      return fetchNow();
    },
    step() {
      const nowMs = unixMs();
      if (inFlight !== null || Math.abs(nowMs - checkedMs) < checkEveryMs || stop.signal.aborted) return;
      checkedMs = nowMs;
      const { gridProvider: id } = options.settings();
      noticeChange();
      const series = seriesFromSettings(options.settings());
      if (id === null || series === null || obstacle() !== null || !isDue(series, periodMsOf(id))) return;
      void begin(id, series);
    },
    async fetchSince(fromMs) {
      noticeChange();
      const { gridProvider: id } = options.settings();
      const provider = id === null ? null : gridProviderOf(id);
      if (inFlight !== null) await inFlight;
      if (id !== null && provider !== null && obstacle() === null) await follow(askSince(provider, id, fromMs));
      return status();
    },
    status,
    current,
    points: (fromMs, toMs) =>
      remembered()?.readings.filter((point) => point.toMs > fromMs && point.fromMs < toMs) ?? [],
    forecast: () => remembered()?.forecast ?? [],
    async keepReadings(series, points) {
      await keep(series, points, false);
      memory = null;
    },
    async close() {
      stop.abort();
      await inFlight;
    },
  };

  function mayAskNow(series: string, periodMs: number): boolean {
    if (isDue(series, periodMs)) return true;
    const before = asked.read(series);
    return problem !== null && problem.code !== 'limited' && before !== null && unixMs() - before.lastMs >= impatientMs;
  }
}

const retryAfterOf = (answer: GridAnswer): number | null => (answer.kind === 'problem' ? answer.retryAfterMs : null);

const givenUp: GridAnswer = {
  kind: 'problem',
  problem: { code: 'unreachable', message: 'The question was given up.' },
  retryAfterMs: null,
};
