import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { showLast, startCli, until } from './cli.ts';

const project = join(import.meta.dirname, '../../integrations/python');
const scratch = mkdtempSync(join(tmpdir(), 'wattrun-python-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const python = process.env.WATTRUN_PYTHON ?? 'python3';
const version = spawnSync(python, ['-c', 'import sys; print(sys.version_info >= (3, 8))'], { encoding: 'utf8' }).stdout;
const hasPython = version?.trim() === 'True';
/** One of each other version from 3.8 on that this machine has: on the PATH, or kept by pyenv. */
const otherPythons = findOtherPythons();
const environment = {
  ...process.env,
  PYTHONPATH: join(project, 'src'),
  // Compiled once for each version, and not beside the sources.
  PYTHONDONTWRITEBYTECODE: '',
  PYTHONPYCACHEPREFIX: join(scratch, 'pycache'),
};

interface PythonHere {
  readonly version: string;
  readonly command: string;
}

function findOtherPythons(): readonly PythonHere[] {
  const kept = join(process.env.PYENV_ROOT ?? '', 'versions');
  const commands = [
    ...Array.from({ length: 12 }, (_, i) => `python3.${8 + i}`),
    ...(process.env.PYENV_ROOT !== undefined && existsSync(kept)
      ? readdirSync(kept).map((name) => join(kept, name, 'bin/python'))
      : []),
  ];
  const found = new Map<string, PythonHere>();
  for (const command of [python, ...commands]) {
    const code = 'import sys; print(*sys.version_info[:2], sep=".")';
    const version = spawnSync(command, ['-c', code], { encoding: 'utf8' }).stdout?.trim() ?? '';
    if (/^3\.([89]|\d\d)$/.test(version) && !found.has(version)) found.set(version, { version, command });
  }
  return [...found.values()].filter(({ command }) => command !== python);
}

describe(`the Python package${hasPython ? '' : ' (skipped: there is no Python 3.8 or later here)'}`, () => {
  async function testWith(command: string): Promise<void> {
    const child = spawn(command, ['-m', 'unittest', 'tests.test_job', 'tests.test_queue', 'tests.test_runs'], {
      cwd: project,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(said).toMatch(/^OK/m);
    expect(code).toBe(0);
  }

  // They mostly wait: as many at a time as `maxConcurrency` says.
  describe.concurrent('its own tests', () => {
    it.skipIf(!hasPython)('pass', () => testWith(python));
    it.each(otherPythons)('pass on $version', ({ command }) => testWith(command));
  });

  const hasTorch = hasPython && spawnSync(python, ['-c', 'import torch']).status === 0;
  it.skipIf(!hasTorch)(
    'counts the steps and epochs of the real frameworks that are installed',
    { timeout: 400_000 },
    () => {
      const ended = spawnSync(python, ['-m', 'unittest', 'tests.test_frameworks'], {
        cwd: project,
        env: environment,
        encoding: 'utf8',
      });
      expect(ended.stderr).toMatch(/^OK/m);
    },
  );

  it.skipIf(!hasPython)('is a wheel that is built and installed without a network', () => {
    const built = spawnSync(python, ['build/wheel_backend.py', scratch], { cwd: project, encoding: 'utf8' });
    expect(built.status).toBe(0);
    const target = join(scratch, 'site');
    const wheel = join(scratch, readdirSync(scratch).find((name) => name.endsWith('.whl')) ?? '');
    const hasPip = spawnSync(python, ['-m', 'pip', '--version']).status === 0;
    // A wheel of pure Python is a zip of what goes into site-packages.
    const installed = hasPip
      ? spawnSync(python, ['-m', 'pip', 'install', '--no-index', '--no-deps', '--target', target, wheel])
      : spawnSync(python, ['-m', 'zipfile', '-e', wheel, target]);
    expect(installed.status).toBe(0);
    const used = spawnSync(python, ['-c', 'import wattrun; print(wattrun.__file__, wattrun.__version__)'], {
      env: { ...environment, PYTHONPATH: target },
      encoding: 'utf8',
      cwd: scratch,
    });
    expect(used.stdout.trim()).toBe(`${join(target, 'wattrun/__init__.py')} 0.1.0`);
    expect(existsSync(join(target, 'wattrun/py.typed'))).toBe(true);
  });

  it.skipIf(!hasPython)('counts what a resumed training does, and nothing from before it', async () => {
    const home = join(scratch, 'resumed');
    const env = { WATTRUN_HOME: home, PATH: process.env.PATH ?? '/usr/bin:/bin' };
    const engine = startCli(['serve'], env);
    await until(() => existsSync(join(home, 'engine.json')), 'the engine');
    const program = join(scratch, 'resume.py');
    writeFileSync(
      program,
      `import sys, time
import wattrun
done = int(sys.argv[1])
with wattrun.run("resumed") as run:
    time.sleep(0.2)
    run.mark_begin(step=done * 20, epoch=done, samples=done * 160)
    for epoch in (done + 1, done + 2):
        for step in range(20 * epoch - 19, 20 * epoch + 1):
            wattrun.mark(step=step, samples=step * 8)
            time.sleep(0.01)
        run.log({"val_loss": 0.5}, step=20 * epoch, epoch=epoch)
run.energy(timeout=30)
`,
    );
    for (const done of [1, 2, 5]) {
      const ended = spawnSync(python, [program, String(done)], { env: { ...environment, WATTRUN_HOME: home } });
      expect(ended.status).toBe(0);
      const { progress, epochs } = await showLast(env);
      expect([progress.epochs?.count, progress.steps?.count, progress.samples?.count]).toEqual([2, 40, 320]);
      // Before it, and two epochs of exactly twenty steps.
      const told = epochs.filter((epoch) => epoch.index !== null).map(({ index, steps }) => [index, steps]);
      expect(told).toEqual([
        [done + 1, 20],
        [done + 2, 20],
      ]);
    }
    engine.child.kill('SIGTERM');
    await engine.ended;
  });

  it.skipIf(!hasPython)('loses and repeats no mark while the real engine is killed and started anew', async () => {
    const home = join(scratch, 'home');
    const env = { WATTRUN_HOME: home, PATH: process.env.PATH ?? '/usr/bin:/bin' };
    const address = join(home, 'engine.json');
    const first = startCli(['serve'], env);
    await until(() => existsSync(address), 'the engine');
    const program = join(scratch, 'train.py');
    writeFileSync(
      program,
      `import time
import wattrun
with wattrun.run("train") as run:
    run.energy()
    for epoch in range(1, 5):
        for step in range(2500):
            wattrun.mark(step=(epoch - 1) * 2500 + step + 1)
            if step % 10 == 0: time.sleep(0.005)
        wattrun.mark(epoch=epoch)
        print(epoch, flush=True)
    # Its last marks must find the new engine before the program ends.
    run.finish()
    run.energy(timeout=60)
`,
    );
    const trained = spawn(python, [program], {
      env: { ...environment, WATTRUN_HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    trained.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    await until(() => out.includes('1\n'), 'the first epoch');
    first.child.kill('SIGKILL');
    const second = startCli(['serve'], env);
    const [code] = (await once(trained, 'close')) as [number | null];
    expect(code).toBe(0);
    const report = await showLast(env);
    second.child.kill('SIGTERM');
    await second.ended;
    const steps = report.marks.filter((mark) => mark.kind === 'step').map((mark) => mark.value);
    expect(steps).toHaveLength(10_000);
    expect(new Set(steps).size).toBe(10_000);
    expect(report.progress.steps?.count).toBe(10_000);
    expect(report.epochs.filter((epoch) => epoch.index !== null)).toHaveLength(4);
    const sum = report.epochs.reduce((total, epoch) => total + (epoch.joules ?? 0), 0);
    expect(Math.abs(sum / (report.energy.totalJoules ?? 0) - 1)).toBeLessThan(0.005);
  });
});
