import type { Handlers } from '../../shared/contract/contract.ts';
import type { EngineContract, ImportedReadings } from '../../shared/contract/engine-contract.ts';
import { WattrunError } from '../../shared/contract/errors.ts';
import type {
  GridStatus,
  IntensityPoint,
  RecomputeResult,
  RunAccounting,
  RunAccounts,
} from '../../shared/model/carbon.ts';
import type { CarbonFactor, Price } from '../../shared/model/run.ts';
import type { Settings, SettingsPatch } from '../../shared/model/settings.ts';
import type { Tariff } from '../../shared/model/tariff.ts';
import { msFromHours } from '../../shared/units.ts';
import type { LearnedFacts } from '../sources/source.ts';
import type { RunRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { createAccountant } from './accountant.ts';
import {
  accountsFromSettings,
  presentFactor,
  priceFromSettings,
  seriesFromSettings,
  tariffFromSettings,
} from './carbon.ts';
import { cleanerHours } from './cleaner-hours.ts';
import type { AskGrid } from './grid/ask-grid.ts';
import { displacedPoints } from './grid/displaced-points.ts';
import { createGridFeed } from './grid/grid-feed.ts';
import { createGridTokens } from './grid/grid-tokens.ts';
import { parseIntensityCsv } from './grid/intensity-csv.ts';
import { createIntensityFileReader } from './grid/intensity-file.ts';
import { gridDescriptors } from './grid/registry.ts';
import { type GridSettings, tryProvider } from './grid/try-provider.ts';
import { type RecomputeRequest, recompute } from './recompute.ts';
import { carbonLicence, listRegions } from './regions.ts';
import { type DayAccounts, factorAt, priceAtMoment } from './today.ts';

type CarbonRequestName = Extract<keyof Handlers<EngineContract>, `carbon.${string}`>;

export interface CarbonDeskOptions {
  readonly store: Store;
  readonly learned: LearnedFacts;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly unixMs: () => number;
  /** Asked for only where a tariff needs it: the tables of time zones take 8 MiB. */
  readonly timeZone: () => string;
  readonly settings: () => Settings;
  readonly changeSettings: (patch: SettingsPatch) => Settings;
  readonly updateRun: (runId: string, change: (record: RunRecord) => RunRecord) => void;
  readonly activeRunIds: () => readonly string[];
  readonly ask: AskGrid;
  readonly write: (work: () => void) => void;
  readonly log: (message: string) => void;
  readonly onRunsChanged: (runIds: readonly string[]) => void;
  readonly onChanged: (status: GridStatus) => void;
}

/** Factors, prices and readings of the grid as they count now, the accounts of runs, and the requests about them. */
export interface CarbonDesk {
  /** What a run that starts now is judged by. */
  factor(): CarbonFactor;
  price(): Price | null;
  accounts(): RunAccounts;
  /** What counts at this moment, with the grid's reading where there is one. */
  factorNow(): CarbonFactor;
  priceNow(): Price | null;
  /** The grid's reading of this moment; null: there is none, or a number of the user's own counts in its place. */
  pointNow(): IntensityPoint | null;
  dayAccounts(startMs: number): DayAccounts;
  /** As dayAccounts, for any time back: the readings are the record's. */
  accountsSince(fromMs: number): DayAccounts;
  tariff(): Tariff | null;
  accountingOf(runId: string): RunAccounting | null;
  account(runIds: readonly string[]): void;
  /** On every tick: asks the grid if it is due, and brings the accounts of running runs up to date once a minute. */
  step(): void;
  readonly handlers: Pick<Handlers<EngineContract>, CarbonRequestName>;
  close(): Promise<void>;
}

const accountEveryMs = 60_000;
/** What an engine before left unaccounted has time: a wrapped command must not wait for it. */
const catchUpAfterMs = 15_000;

export function createCarbonDesk(options: CarbonDeskOptions): CarbonDesk {
  const { store, settings, unixMs, timeZone, environment } = options;
  const tokens = createGridTokens(options.learned, environment);
  let tried: GridSettings | null = null;
  /** One provider is tried after the other. */
  let lastTrial: Promise<void> = Promise.resolve();
  const accountant = createAccountant({ store, unixMs, write: options.write });
  const feed = createGridFeed({
    store,
    tokens,
    unixMs,
    settings: () => (tried === null ? settings() : { ...settings(), ...tried }),
    learned: options.learned,
    url: environment.WATTRUN_GRID_URL || null,
    ask: options.ask,
    readFile: createIntensityFileReader(),
    write: options.write,
    log: options.log,
    onReadings: catchUp,
    onChanged: () => options.onChanged(feed.status()),
  });
  const stop = new AbortController();
  let catchingUp: Promise<void> = Promise.resolve();
  let accountedMs = unixMs();
  let catchUpAtMs: number | null = unixMs() + catchUpAfterMs;

  /** Beside the sampling; one after the other. */
  function catchUp(): void {
    catchingUp = catchingUp
      .then(() => accountant.catchUp(stop.signal))
      .then((changed) => {
        if (changed.length > 0) options.onRunsChanged(changed);
      })
      .catch((error: unknown) => options.log(`accounts: ${error instanceof Error ? error.stack : String(error)}`));
  }

  const factor = (): CarbonFactor => presentFactor(settings());
  const price = (): Price | null => priceFromSettings(settings());
  const tariff = () => tariffFromSettings(settings(), timeZone);
  const isCustom = (): boolean => settings().customIntensityGramsCO2ePerKwh !== null;
  const pointNow = (): IntensityPoint | null => (isCustom() ? null : feed.current());

  function hold(next: GridSettings | null): void {
    tried = next;
  }

  const tellStatus = (): void => options.onChanged(feed.status());

  async function importText(text: string, fileName: string): Promise<ImportedReadings> {
    const reading = parseIntensityCsv(text, { nowMs: unixMs(), fileName });
    if (reading.kind === 'problem')
      throw new WattrunError('carbon/invalid-file', `${fileName}: ${reading.problem.message}`, csvHint);
    if (settings().gridProvider === null) options.changeSettings({ gridProvider: 'csv', gridZone: null });
    const [fromMs, toMs] = [reading.points[0]?.fromMs ?? 0, reading.points.at(-1)?.toMs ?? 0];
    const displaced = displacedPoints(store.listIntensities('csv:', { fromMs, toMs }), reading.points);
    await feed.keepReadings('csv:', reading.points);
    catchUp();
    options.onChanged(feed.status());
    return {
      points: reading.points.length,
      fromMs,
      toMs,
      displaced: displaced.length,
      firstDisplacedMs: displaced[0]?.fromMs ?? null,
    };
  }

  async function recomputed(request: RecomputeRequest): Promise<RecomputeResult> {
    const context = { store, timeZone, settings: settings(), nowMs: unixMs(), update: options.updateRun };
    const result = await recompute(context, request);
    if (request.isDry !== true && result.changes.length > 0)
      options.onRunsChanged(result.changes.map(({ runId }) => runId));
    return result;
  }

  return {
    factor,
    price,
    accounts: () => accountsFromSettings(settings(), timeZone),
    factorNow: () => factorAt(factor(), pointNow()),
    pointNow,
    priceNow: () => priceAtMoment(price(), tariff(), unixMs()),
    dayAccounts: (startMs) => ({
      factor: factor(),
      price: price(),
      tariff: tariff(),
      points: isCustom() ? [] : feed.points(startMs, unixMs()),
    }),
    accountsSince(fromMs) {
      const series = isCustom() ? null : seriesFromSettings(settings());
      const span = { fromMs, toMs: unixMs() };
      return {
        factor: factor(),
        price: price(),
        tariff: tariff(),
        points: series === null ? [] : store.listIntensities(series, span),
      };
    },
    tariff,
    accountingOf: accountant.of,
    account: accountant.account,
    step() {
      feed.step();
      const nowMs = unixMs();
      if (catchUpAtMs !== null && nowMs >= catchUpAtMs) {
        catchUpAtMs = null;
        catchUp();
      }
      if (Math.abs(nowMs - accountedMs) < accountEveryMs) return;
      accountedMs = nowMs;
      accountant.account(options.activeRunIds());
    },
    handlers: {
      'carbon.regions': () => ({ licence: carbonLicence, regions: [...listRegions()] }),
      'carbon.providers': () => ({ providers: [...gridDescriptors] }),
      'carbon.status': () => feed.status(),
      'carbon.fetch': ({ fromMs }) => (fromMs == null ? feed.fetchNow() : feed.fetchSince(fromMs)),
      'carbon.setToken'({ provider, token }) {
        tokens.write(provider, token);
        options.onChanged(feed.status());
        return { hasToken: tokens.read(provider) !== null };
      },
      'carbon.use': ({ token = null, ...choice }) => {
        const trial = { hold, tokens, changeSettings: options.changeSettings, tryNow: feed.tryNow };
        const status = lastTrial.then(() => tryProvider(trial, { ...choice, token }));
        lastTrial = status.then(tellStatus, tellStatus);
        return status;
      },
      'carbon.readings': ({ fromMs, toMs, series }) => ({
        points: [
          ...store.listIntensities(series ?? seriesFromSettings(settings()) ?? '', {
            fromMs,
            toMs: Math.min(toMs, fromMs + mostSpanMs),
          }),
        ],
      }),
      'carbon.forecast': ({ hours }) => ({
        points: feed.forecast().filter((point) => point.toMs > unixMs()),
        cleaner: cleanerHours(feed.forecast(), { nowMs: unixMs(), hours: hours ?? 4 }),
      }),
      'carbon.import': ({ text, fileName }) => importText(text, fileName),
      'carbon.recompute': recomputed,
    },
    async close() {
      stop.abort();
      await feed.close();
      await catchingUp;
    },
  };
}

const mostSpanMs = msFromHours(24 * 31);
const csvHint = 'Columns: from (ISO 8601), to, gco2e_per_kwh; kind and estimated where wanted.';
