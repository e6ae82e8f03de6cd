import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordPath } from '../../engine/ownership/data-directory.ts';
import { createSqliteStore } from '../../engine/store/sqlite-store.ts';
import type { RecomputeResult } from '../../shared/model/carbon.ts';
import type { RunReport } from '../../shared/model/run.ts';
import {
  awayFromPeriodEnd,
  electricityMapsForecast,
  electricityMapsHistory,
  type GridServer,
  json,
  openGridServer,
  status,
} from '../fakes/grid-server.ts';
import { runCli, showLast, startCli, temporaryHome, until } from './cli.ts';

const { home, remove } = temporaryHome();
let grid: GridServer;
let env: Readonly<Record<string, string>>;
const work = ['node', '-e', 'const t = Date.now(); while (Date.now() - t < 1200);'];

beforeAll(async () => {
  await awayFromPeriodEnd(3_600_000);
  grid = await openGridServer();
  env = { WATTRUN_HOME: home, WATTRUN_GRID_URL: grid.url, WATTRUN_ELECTRICITY_MAPS_TOKEN: 'secret', TZ: 'UTC' };
  grid.answer = (path, response) =>
    json(
      path.includes('/forecast')
        ? electricityMapsForecast('DE', Date.now(), [300, 100, 100])
        : electricityMapsHistory('DE', Date.now(), [150, 150, 150]),
    )(path, response);
}, 60_000);
afterAll(async () => {
  await grid.close();
  remove();
});

const kwh = (report: RunReport): number => (report.energy.totalJoules ?? Number.NaN) / 3.6e6;
const recompute = async (...args: readonly string[]): Promise<RecomputeResult> =>
  JSON.parse((await runCli(['recompute', ...args, '--json'], env)).stdout) as RecomputeResult;

describe('a run, a file of the grid and a provider', () => {
  it('asks nobody of its own accord', async () => {
    expect((await runCli(['run', '--', ...work], env)).code).toBe(0);
    expect((await runCli(['carbon'], env)).stdout).toMatch(/Live grid {2}off/);
    expect((await runCli(['carbon', 'fetch'], env)).code).toBe(2);
    expect(grid.asked).toEqual([]);
  });

  it('counts by a file once it is imported and the run recomputed, and says what changed', async () => {
    const before = await showLast(env);
    expect((before.emissions.gramsCO2e ?? 0) / kwh(before)).toBeCloseTo(475, 6);
    const day = (offset: number): string =>
      `${new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)}T00:00Z`;
    const file = join(home, 'grid.csv');
    writeFileSync(file, `from,to,gco2e_per_kwh\n${day(-1)},${day(0)},90\n${day(0)},${day(1)},80\n`);
    const imported = await runCli(['carbon', 'import', file, '--json'], env);
    expect(JSON.parse(imported.stdout)).toMatchObject({ schemaVersion: 1, points: 2 });
    expect((await recompute('last', '--dry-run')).changes).toHaveLength(1);
    expect((await showLast(env)).emissions.gramsCO2e).toBe(before.emissions.gramsCO2e);
    const [change] = (await recompute('last')).changes;
    expect(change?.after.intensityGramsCO2ePerKwh).toBeCloseTo(80, 6);
    const after = await showLast(env);
    expect((after.emissions.gramsCO2e ?? 0) / kwh(after)).toBeCloseTo(80, 6);
    expect(after.energy.totalJoules).toBe(before.energy.totalJoules);
    expect((await runCli(['show', 'last'], env)).stdout).toContain('100 % at 80.0 g/kWh by file grid.csv');
    expect(grid.asked).toEqual([]);
  });

  it('asks the provider chosen, once, however many commands are run within its period', async () => {
    expect((await runCli(['carbon', 'use', 'electricity-maps', '--zone', 'DE'], env)).code).toBe(0);
    expect(grid.asked.map(({ token }) => token)).toEqual(['secret', 'secret']);
    const shown = await runCli(['carbon', 'status', '--json'], env);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      grid: { state: 'fresh', hasToken: true },
      factor: { intensityGramsCO2ePerKwh: 150 },
    });
    expect(shown.stdout).not.toContain('secret');
    expect((await runCli(['carbon', 'forecast', '--hours', '1'], env)).stdout).toMatch(/Cleanest 1 h.*less than now/);
    expect((await runCli(['run', '--', ...work], env)).code).toBe(0);
    const report = await showLast(env);
    expect((report.emissions.gramsCO2e ?? 0) / kwh(report)).toBeCloseTo(150, 6);
    await runCli(['carbon', 'fetch'], env);
    expect(grid.asked).toHaveLength(2);
  });

  it('measures on and stands on the table where the provider refuses', async () => {
    grid.answer = status(401);
    const other = { ...env, WATTRUN_ELECTRICITY_MAPS_TOKEN: 'wrong' };
    const refused = await runCli(['carbon', 'use', 'electricity-maps', '--zone', 'FR'], other);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('refuses the token (401)')]);
    expect(refused.stderr).toContain('Nothing was changed: live grid data is electricity-maps.\n');
    // Whoever tries once more at once is told the same, and not that all is well.
    expect(await runCli(['carbon', 'use', 'electricity-maps', '--zone', 'FR'], other)).toMatchObject({ code: 1 });
    const never = await runCli(['carbon', 'use', 'entso-e', '--zone', '10Y1001A1001A83F'], env);
    expect([never.code, never.stderr]).toEqual([1, expect.stringContaining('needs a token. Nothing was changed')]);
    const store = createSqliteStore({ path: recordPath(home), nowMs: Date.now(), isOwned: false });
    expect(store.readSettings()).toMatchObject({ gridProvider: 'electricity-maps', gridZone: 'DE' });
    // As if it had answered once: there is no reading of this zone.
    store.writeSettings({ ...store.readSettings(), gridZone: 'FR' });
    store.close();
    expect((await runCli(['run', '--', ...work], other)).code).toBe(0);
    const report = await showLast(other);
    expect(report.emissions.byIntensity).toMatchObject([{ isFallback: true, energyRatio: expect.closeTo(1, 9) }]);
    expect(report.energy.coverage).toBeCloseTo(1, 9);
  });

  it('leaves in use what was, where it is interrupted before the provider has answered', async () => {
    const own = temporaryHome();
    const other = { ...env, WATTRUN_HOME: own.home };
    const kept = () => {
      const store = createSqliteStore({ path: recordPath(own.home), nowMs: Date.now(), isOwned: false });
      const { gridProvider, gridZone } = store.readSettings();
      store.close();
      return [gridProvider, gridZone];
    };
    try {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        let isAsked = false;
        grid.answer = () => {
          isAsked = true;
        };
        const use = startCli(['carbon', 'use', 'electricity-maps', '--zone', 'FR'], other);
        await until(() => isAsked, 'the provider to be asked');
        use.child.kill(signal);
        expect((await use.ended).signal).toBe(signal);
        expect(kept()).toEqual([null, null]);
      }
    } finally {
      own.remove();
    }
  });

  it('refuses wrong words with code 2', async () => {
    for (const args of [
      ['carbon', 'use', 'nobody'],
      ['carbon', 'regions', 'atlantis'],
      ['carbon', 'import', join(home, 'none.csv')],
      ['carbon', 'forecast', '--hours', 'many'],
      ['recompute'],
      ['recompute', 'last', '--region', 'XXX'],
    ])
      expect((await runCli(args, env)).code, args.join(' ')).toBe(2);
  });
});
