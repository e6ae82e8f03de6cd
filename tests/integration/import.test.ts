import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { codecarbonColumns } from '../../engine/reports/codecarbon-columns.ts';
import { runReportSchema } from '../../shared/model/run.ts';
import { joulesFromKwh } from '../../shared/units.ts';
import { runCli, temporaryHome } from './cli.ts';

const { home, remove } = temporaryHome();
const env = { WATTRUN_HOME: home };
afterAll(remove);

/** As CodeCarbon 3.3.0 wrote it on a machine with neither GPU nor network: a whole first row, then rows without region, longitude and latitude. */
const first =
  '2026-11-23T17:44:53,codecarbon,943b8e37-0000-4000-8000-000000000001,5b0fa12a-3dd7-45bb-9766-cc326314d9f1,49.211424124999894,2.1036901520793665e-05,4.2748003933718126e-07,6.199229797136001,0.0,20.0,0.00010204118903227121,0.0,0.0002733563291388893,0.0003753975181711605,0.0,France,FRA,,,,Linux-6.18.44-fc-v669-x86_64-with-glibc2.36,3.11.7,3.3.0,2,AMD EPYC,0,,,,23.540576934814453,machine,1.0416666666666667,0,3.379166666666668,0.7959674199422201,N,1.0,0.0';
const short =
  '2026-11-23T17:50:53,codecarbon,943b8e37-0000-4000-8000-000000000002,5b0fa12a-3dd7-45bb-9766-cc326314d9f1,50.0,2.2e-05,4.4e-07,6.2,0.0,20.0,0.0001,0.0,0.0003,0.0004,0.0,France,FRA,,,Linux-6.18.44-fc-v669-x86_64-with-glibc2.36,3.11.7,3.3.0,2,AMD EPYC,0,,23.5,machine,1.04,0,3.37,0.79,N,1.0,0.0';
const file = join(home, 'emissions.csv');
const lines = [codecarbonColumns.join(','), first, short, 'a,b,c', first.replace('0.0003753975181711605', 'nan')];

it('takes in an emissions.csv, mends what 3.3.0 wrote, refuses the rest by line, and is the same when done again', async () => {
  writeFileSync(file, `${lines.join('\n')}\n`);
  const dry = await runCli(['import', file, '--dry-run'], env);
  expect([dry.code, dry.stdout]).toEqual([
    0,
    'Would be imported: 2, on record already: 0, repaired lines: 1, refused lines: 2\n',
  ]);
  expect(dry.stderr.split('\n').map((line) => line.slice(0, 24))).toEqual([
    'line 3: repaired: 35 fie',
    'line 4: refused: 3 field',
    'line 5: refused: energy_',
    '',
  ]);
  expect((await runCli(['runs', '--json'], env)).stdout).toContain('"runs": []');

  const json = await runCli(['import', file, '--json', '--project', 'old'], env);
  const result = JSON.parse(json.stdout) as { imported: number; runIds: string[] };
  expect([json.code, result.imported]).toEqual([0, 2]);
  const again = await runCli(['import', file], env);
  expect(again.stdout).toBe('Imported: 0, on record already: 2, repaired lines: 1, refused lines: 2\n');

  const shown = await runCli(['show', result.runIds[0] ?? '', '--json'], env);
  const report = runReportSchema.parse(JSON.parse(shown.stdout));
  expect(report.run).toMatchObject({ foundBy: 'import', project: 'old', status: 'finished' });
  expect(report.energy).toMatchObject({ lowJoules: null, highJoules: null, provenance: 'assumed' });
  expect(report.energy.totalJoules).toBeCloseTo(joulesFromKwh(0.0003753975181711605), 6);
  // 2.1036901520793665e-05 kg.
  expect(report.emissions.gramsCO2e).toBeCloseTo(0.021036901520793665, 12);
  expect(report.emissions).toMatchObject({ region: 'FRA', intensitySource: 'CodeCarbon 3.3.0', pue: 1 });

  const exported = await runCli(['export', result.runIds[0] ?? '', '--format', 'codecarbon-csv'], env);
  const [, row = ''] = exported.stdout.split('\r\n');
  expect(row.split(',')[0]).toBe('2026-11-23T17:44:53');
  expect(Number(row.split(',')[13])).toBeCloseTo(0.0003753975181711605, 15);
});

it('says of a folder that it is one', async () => {
  const folder = await runCli(['import', home], env);
  expect([folder.code, folder.stdout]).toEqual([2, '']);
  expect(folder.stderr).toContain(`${home} is a folder.`);
});

it('refuses a file that is none of CodeCarbon, and one that is not there', async () => {
  writeFileSync(file, 'name,energy\na,1\n');
  const other = await runCli(['import', file], env);
  expect([other.code, other.stdout]).toEqual([1, '']);
  expect(other.stderr).toMatch(/no emissions.csv of CodeCarbon.*timestamp, duration, emissions, energy_consumed/);
  expect((await runCli(['import', join(home, 'nowhere.csv')], env)).code).toBe(2);
});

it('lists projects with what was lost, and refuses the report of one that is not there', async () => {
  const listed = await runCli(['projects', '--json'], env);
  const { projects } = JSON.parse(listed.stdout) as { projects: { project: string; runs: number }[] };
  expect(projects).toMatchObject([
    { project: 'old', runs: 2, totals: { lowJoules: null }, loss: { failedRuns: 0, idleJoules: null } },
  ]);
  const markdown = await runCli(['export', '--project', 'old', '--format', 'markdown'], env);
  expect(markdown.stdout).toContain('## Project old');
  const none = await runCli(['export', '--project', 'new', '--format', 'markdown'], env);
  expect([none.code, none.stdout]).toEqual([2, '']);
});
