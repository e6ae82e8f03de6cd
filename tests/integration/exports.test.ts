import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRecord } from '../../bench/million-rows.ts';
import { exportDefinitions } from '../../engine/reports/registry.ts';
import { createSqliteStore } from '../../engine/store/sqlite-store.ts';
import { kwhFromJoules } from '../../shared/units.ts';
import { findChromium } from '../browser/chromium.ts';
import {
  exampleCpu,
  exampleDomainTotals,
  exampleGpu,
  exampleRun,
  exampleSample,
  exampleTick,
  exampleTotals,
} from '../examples.ts';
import { type Ended, runCli, startCli, temporaryHome, until } from './cli.ts';
import { findPython, reasonOf, runPython } from './python.ts';

// Independent readers: what other people's programs make of the files. Skipped, with the reason, where such a program is not there.

const startedMs = Date.UTC(2026, 6, 14, 8);
const hostile =
  '=cmd|\' /C calc\'!A0 <script>alert(1)</script> "q", 100% $x_{1} & ~ \\end{document} #1 | 训练 é 🚀\n@SUM(A1)';
const joules = 7_200_000;
const seconds = 120;

const { home, remove } = temporaryHome();
const out = join(home, 'out');
const env: Record<string, string> = { WATTRUN_HOME: home };
const fileOf = (format: string): string => join(out, format);
const textOf = (format: string): string => readFileSync(fileOf(format), 'utf8');
const ends = new Map<string, Ended>();

function makeRuns(): void {
  const store = createSqliteStore({ path: join(home, 'wattrun.db'), nowMs: startedMs });
  const [gpu, cpu] = [exampleGpu({ name: '+GPU "H100", 80GB' }), exampleCpu()];
  for (const domain of [gpu, cpu]) store.putDomain(domain);
  const record = exampleRun({
    startedMs,
    name: hostile,
    tags: { '=tag': '=1+1', b: 'x;=2+2', training_type: 'fine-tuning' },
    project: 'p/1 =x',
    status: 'finished',
    exitCode: 0,
    endedMs: startedMs + seconds * 1000,
    durationSeconds: seconds,
    price: { pricePerKwh: 0.3, currency: 'EUR' },
  });
  const totalsOf = (runJoules: number) =>
    exampleDomainTotals({
      joules: runJoules,
      runJoules,
      runLowJoules: runJoules,
      runHighJoules: runJoules,
      coveredSeconds: seconds,
    });
  store.putRuns([
    {
      record,
      totals: exampleTotals({
        totalJoules: joules,
        lowJoules: joules * 0.95,
        highJoules: joules * 1.05,
        coverage: 1,
        byProvenance: { counter: joules },
      }),
      domains: new Map([
        [gpu.id, totalsOf(6_000_000)],
        [cpu.id, totalsOf(1_200_000)],
      ]),
    },
  ]);
  for (let second = 1; second <= seconds; second++)
    store.writeTick(
      exampleTick(startedMs + second * 1000, {
        samples: [
          exampleSample(50_000 + second / 7, { utilizationRatio: 0.9 }),
          exampleSample(second % 10 === 0 ? null : 10_000, { domainId: cpu.id, provenance: 'model' }),
        ],
        runSamples: [{ runId: record.id, domainId: gpu.id, powerWatts: 50_000, joules: 0.1 + 0.2, seconds: 1 }],
      }),
    );
  store.close();
}

beforeAll(async () => {
  makeRuns();
  mkdirSync(out);
  env.WATTRUN_CHROMIUM = (await findChromium()).executablePath;
  // Two at a time: each is a program of its own.
  const formats = exportDefinitions.map(({ format }) => format);
  const take = async (): Promise<void> => {
    for (let format = formats.shift(); format !== undefined; format = formats.shift())
      ends.set(format.id, await runCli(['export', 'last', '--format', format.id, '--out', fileOf(format.id)], env));
  };
  await Promise.all([take(), take()]);
}, 120_000);
afterAll(remove);

it('writes every format there is, and nothing beside it', () => {
  for (const [format, { code, stdout, stderr }] of ends)
    expect({ format, code, stdout, stderr }).toEqual({ format, code: 0, stdout: '', stderr: '' });
  expect(readdirSync(out).sort()).toEqual(exportDefinitions.map(({ format }) => format.id).sort());
});

const pandas = findPython(['pandas']);
describe.skipIf(typeof pandas === 'string')(`pandas${reasonOf(pandas)}`, () => {
  const read = (program: string, ...args: string[]): unknown =>
    typeof pandas === 'string' ? null : runPython(pandas, `import pandas\n${program}`, args);

  it('reads csv: numbers as numbers, hostile text as text that is no formula', () => {
    const row = read(
      'row = pandas.read_csv(sys.argv[1]).iloc[0]\nprint(json.dumps({"energy": float(row.energy_joules), "grams": float(row.emissions_grams_co2e), "name": row["name"], "tags": row.tags, "project": row.project}))',
      fileOf('csv'),
    );
    // 7.2 MJ are 2 kWh; × 400 g/kWh × PUE 1.5 = 1200 g.
    expect(row).toEqual({
      energy: joules,
      grams: 1200,
      name: `'${hostile}`,
      tags: "'=tag==1+1;b=x;'=2+2;training_type=fine-tuning",
      project: 'p/1 =x',
    });
  });

  it('reads codecarbon-csv: 38 columns in order, kWh with the PUE, kilograms', () => {
    const read38 = read(
      'f = pandas.read_csv(sys.argv[1])\nr = f.iloc[0]\nprint(json.dumps({"columns": list(f.columns), "kinds": [str(f[c].dtype) for c in ("duration", "emissions", "energy_consumed", "pue")], "energy": float(r.energy_consumed), "gpu": float(r.gpu_energy), "kg": float(r.emissions), "rate": float(r.emissions_rate), "power": float(r.gpu_power), "when": r.timestamp}))',
      fileOf('codecarbon-csv'),
    ) as Record<string, unknown>;
    expect(read38.columns).toHaveLength(38);
    expect(read38.columns).toEqual(
      'timestamp,project_name,run_id,experiment_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,cpu_energy,gpu_energy,ram_energy,energy_consumed,water_consumed,country_name,country_iso_code,region,cloud_provider,cloud_region,os,python_version,codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,longitude,latitude,ram_total_size,tracking_mode,cpu_utilization_percent,gpu_utilization_percent,ram_utilization_percent,ram_used_gb,on_cloud,pue,wue'.split(
        ',',
      ),
    );
    for (const kind of read38.kinds as string[]) expect(kind).toMatch(/^(int|float)64$/);
    // 2 kWh × PUE 1.5; the GPU's 6 MJ are 1.6667 kWh × 1.5 = 2.5 and, without PUE, 50 kW over 120 s. 1200 g are 1.2 kg, 0.01 kg/s.
    expect(read38).toMatchObject({ energy: 3, gpu: 2.5, kg: 1.2, rate: 0.01, power: 50_000 });
    expect(read38.when).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  });

  const arrow = findPython(['pyarrow']);
  it.skipIf(typeof arrow === 'string')(
    `reads Parquet and timeseries-csv as the same rows, to the last digit${reasonOf(arrow)}`,
    () => {
      const answer = read(
        `p = pandas.read_parquet(sys.argv[1])
c = pandas.read_csv(sys.argv[2], parse_dates=["time_utc"], float_precision="round_trip")
numbers = [n for n in p.columns if str(p[n].dtype) == "float64"]
same = all((p[n].isna() == c[n].isna()).all() and (p[n].dropna() == c[n].dropna()).all() for n in numbers)
print(json.dumps({"rows": [len(p), len(c)], "columns": list(p.columns) == list(c.columns), "same": bool(same), "numbers": len(numbers), "times": bool((p.time_utc == c.time_utc).all()), "zone": str(p.time_utc.dt.tz), "missing": int(p.power_watts.isna().sum()), "share": float(p.run_energy_joules.dropna().iloc[0]), "simulated": str(p.is_simulated.dtype)}))`,
        fileOf('parquet'),
        fileOf('timeseries-csv'),
      );
      expect(answer).toEqual({
        rows: [240, 240],
        columns: true,
        same: true,
        numbers: 7,
        times: true,
        zone: 'UTC',
        missing: 12,
        share: 0.1 + 0.2,
        simulated: 'bool',
      });
    },
  );
});

const jsonschema = findPython(['jsonschema']);
it.skipIf(typeof jsonschema === 'string')(
  `json is what the published schema says, to Python's jsonschema${reasonOf(jsonschema)}`,
  async () => {
    if (typeof jsonschema === 'string') return;
    const project = join(home, 'project.json');
    await runCli(['export', '--project', 'p/1 =x', '--format', 'json', '--out', project], env);
    const schemas = join(import.meta.dirname, '../../docs/schema');
    for (const [file, schema] of [
      [fileOf('json'), 'run-export-v1.schema.json'],
      [project, 'project-export-v1.schema.json'],
    ])
      expect(
        runPython(
          jsonschema,
          'import jsonschema\ns = json.load(open(sys.argv[2]))\nv = jsonschema.validators.validator_for(s)\nv.check_schema(s)\nprint(json.dumps([e.message for e in v(s).iter_errors(json.load(open(sys.argv[1])))]))',
          [file ?? '', join(schemas, schema ?? '')],
        ),
      ).toEqual([]);
  },
);

const yaml = findPython(['yaml']);
it.skipIf(typeof yaml === 'string')(`model-card is YAML with the Hub's keys, in grams${reasonOf(yaml)}`, () => {
  if (typeof yaml === 'string') return;
  const card = runPython(yaml, 'import yaml\nprint(json.dumps(yaml.safe_load(open(sys.argv[1]))))', [
    fileOf('model-card'),
  ]);
  expect(card).toEqual({
    co2_eq_emissions: {
      emissions: 1200,
      source: expect.stringContaining('400 gCO2e/kWh (example table 2024), PUE 1.5'),
      training_type: 'fine-tuning',
      geographical_location: 'Germany',
      hardware_used: '+GPU "H100", 80GB',
    },
  });
});

const prometheus = findPython(['prometheus_client']);
it.skipIf(typeof prometheus === 'string')(`openmetrics is read by the Prometheus client${reasonOf(prometheus)}`, () => {
  if (typeof prometheus === 'string') return;
  const families = runPython(
    prometheus,
    'from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse\nprint(json.dumps([[f.name, [[s.labels["name"], s.value] for s in f.samples]] for f in parse(open(sys.argv[1]).read())]))',
    [fileOf('openmetrics')],
  ) as [string, unknown][];
  expect(Object.fromEntries(families)).toMatchObject({
    wattrun_run_energy_joules: [[hostile, joules]],
    wattrun_run_emissions_grams: [[hostile, 1200]],
  });
});

it('boamps has what its schema requires, in kWh', () => {
  const report = JSON.parse(textOf('boamps')) as Record<string, Record<string, unknown>>;
  expect(report).toMatchObject({
    header: {
      reportDatetime: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      publisher: { confidentialityLevel: 'internal' },
    },
    task: { taskStage: 'training', taskFamily: 'unknown', dataset: [{ dataUsage: 'input', dataType: 'other' }] },
    measures: [{ measurementMethod: 'wattrun', powerConsumption: kwhFromJoules(joules), measurementDuration: seconds }],
    infrastructure: {
      infraType: 'onPremise',
      components: [
        { componentName: '+GPU "H100", 80GB', componentType: 'gpu', nbComponent: 1 },
        { componentName: 'Example CPU', componentType: 'cpu', nbComponent: 1 },
      ],
    },
    environment: { country: 'Germany' },
    quality: 'high',
  });
});

const tex = spawnSync('pdflatex', ['--version']).status === 0;
it.skipIf(!tex)(`latex compiles with nothing but LaTeX's own classes${tex ? '' : ' (skipped: no pdflatex)'}`, () => {
  writeFileSync(join(home, 'statement.tex'), textOf('latex'));
  const ended = spawnSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'statement.tex'], {
    cwd: home,
    encoding: 'utf8',
  });
  expect(ended.status, ended.stdout.slice(-1500)).toBe(0);
  expect(textOf('latex')).toContain('% @misc{wattrun,');
});

it('pdf is a PDF with the run in it', () => {
  const pdf = readFileSync(fileOf('pdf'));
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.subarray(-1024).toString('latin1')).toContain('%%EOF');
  expect(pdf.length).toBeGreaterThan(20_000);
});

it('html holds no script and asks for nothing from anywhere', () => {
  const html = textOf('html');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(html).not.toMatch(/<script|<img|<link|<iframe|\bon[a-z]+=|\bsrc=|\bhref=|url\(/i);
});

describe('an export that cannot be written', () => {
  it.skipIf(!existsSync('/dev/full'))('says that there is no room', async () => {
    const { code, stderr } = await runCli(['export', 'last', '--format', 'csv', '--out', '/dev/full'], env);
    expect([code, stderr]).toEqual([
      1,
      'wattrun: There is no room for /dev/full. Free some space, or choose another disk.\n',
    ]);
    expect(existsSync('/dev/full')).toBe(true);
  });

  it('says so of a folder, and of one that is not there', async () => {
    for (const path of [home, join(home, 'nowhere', 'a.csv')]) {
      const { code, stderr } = await runCli(['export', 'last', '--format', 'csv', '--out', path], env);
      expect(code).toBe(1);
      expect(stderr).toContain(path);
    }
  });

  it('is refused without a Chromium, with what to do', async () => {
    const { code, stderr } = await runCli(['export', 'last', '--format', 'pdf', '--out', join(home, 'a.pdf')], {
      ...env,
      WATTRUN_CHROMIUM: '/nowhere/chromium',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/no Chromium.*WATTRUN_CHROMIUM/);
    expect(existsSync(join(home, 'a.pdf'))).toBe(false);
  });
});

it('an export that is interrupted leaves the file of before and no other', async () => {
  const large = temporaryHome();
  try {
    makeRecord(join(large.home, 'wattrun.db'), 400_000);
    const folder = join(large.home, 'out');
    mkdirSync(folder);
    const path = join(folder, 'rows.csv');
    writeFileSync(path, 'before');
    const started = startCli(['export', 'last', '--format', 'timeseries-csv', '--out', path], {
      WATTRUN_HOME: large.home,
    });
    await until(() => readdirSync(folder).length === 2, 'the file beside');
    started.child.kill('SIGINT');
    const { code, stderr } = await started.ended;
    expect([code, stderr]).toEqual([130, 'wattrun: the export was interrupted; nothing was written.\n']);
    expect(readdirSync(folder)).toEqual(['rows.csv']);
    expect(readFileSync(path, 'utf8')).toBe('before');
  } finally {
    large.remove();
  }
});
