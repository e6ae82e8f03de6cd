import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../../shared/model/run.ts';
import { cliFile, runCli, showLast, startCli, temporaryHome, until } from './cli.ts';

const { home: root, remove } = temporaryHome();
afterAll(remove);

let count = 0;
let home = '';
let env: Record<string, string> = {};
beforeEach(() => {
  home = join(root, `home-${count++}`);
  mkdirSync(home, { recursive: true });
  env = { WATTRUN_HOME: home };
});

const hasModule = (name: string): boolean => spawnSync('python3', ['-c', `import ${name}`]).status === 0;

/** Trains 3 epochs of 40 steps: with PyTorch where it is, else by hand. What it tells of them: nothing, a line each, or a mark each. */
const trainer = `
import json, os, sys, time, urllib.request
told = sys.argv[1]
try:
    import torch
    net = torch.nn.Linear(64, 1); opt = torch.optim.SGD(net.parameters(), 1e-3); x = torch.randn(512, 64); y = x.sum(1, keepdim=True)
    def step():
        loss = (net(x) - y).pow(2).mean(); opt.zero_grad(); loss.backward(); opt.step(); return loss.item()
except ImportError:
    state = [0.0]
    def step():
        errors = [state[0] * i / 500 - 3 * i / 500 for i in range(500)]; state[0] -= 0.1 * sum(errors) / 500; return sum(e * e for e in errors) / 500
def post(*marks):
    url = f"{os.environ['WATTRUN_URL']}api/v1/runs/{os.environ['WATTRUN_RUN_ID']}/marks"
    headers = {"Authorization": "Bearer " + os.environ["WATTRUN_TOKEN"]}
    urllib.request.urlopen(urllib.request.Request(url, json.dumps({"marks": marks}).encode(), headers)).read()
for epoch in range(1, 4):
    for i in range(1, 41):
        end = time.time() + 0.04
        while time.time() < end: loss = step()
        done = (epoch - 1) * 40 + i
        if told == "log": print(f"epoch {epoch} step {done} loss {loss:.4f}", flush=True)
        else: post({"kind": "step", "value": done, "id": f"s{done}"}, *([{"kind": "epoch", "value": epoch, "id": f"e{epoch}", "step": done}] if i == 40 else []))
`;

const sumOf = ({ epochs }: RunReport): number => epochs.reduce((sum, epoch) => sum + (epoch.joules ?? 0), 0);

describe.skipIf(!hasModule('json'))(
  'a training that is told of by its callback, and one whose log alone is read',
  () => {
    it('have the same steps and epochs, and epochs that sum up to the run', async () => {
      const train = async (told: string): Promise<RunReport> => {
        const own = { ...env, WATTRUN_HOME: join(home, told), PATH: process.env.PATH ?? '' };
        const ended = await runCli(['run', '--quiet', '--', 'python3', '-c', trainer, told], own);
        expect(ended).toMatchObject({ code: 0, stderr: '' });
        return showLast(own);
      };
      const [callback, log] = await Promise.all([train('callback'), train('log')]);
      for (const report of [callback, log]) {
        expect(report.progress.steps?.count).toBe(120);
        expect(report.progress.epochs?.count).toBe(3);
        expect(report.epochs.filter(({ index }) => index !== null).map(({ index, steps }) => [index, steps])).toEqual([
          [1, 40],
          [2, 40],
          [3, 40],
        ]);
        expect(Math.abs(sumOf(report) / (report.energy.totalJoules ?? 0) - 1)).toBeLessThan(0.005);
      }
      expect(callback.progress.steps?.source).toBe('api');
      expect(log.progress.steps?.source).toBe('log:generic');
    });
  },
);

interface Address {
  readonly url: string;
  readonly token: string;
}

describe('an engine that is killed and started again during 10,000 marks', () => {
  it('loses none that it acknowledged, and stores none twice', async () => {
    const serve = async () => {
      const started = startCli(['serve', '--json'], env);
      await until(() => started.stdout().includes('\n'), 'the server');
      return { ...started, address: JSON.parse(started.stdout().split('\n')[0] ?? '') as Address };
    };
    const post = async ({ url, token }: Address, path: string, body: unknown): Promise<Record<string, unknown>> => {
      const answer = await fetch(new URL(path, url), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      return (await answer.json()) as Record<string, unknown>;
    };
    let server = await serve();
    const { id } = await post(server.address, 'api/v1/runs', { name: 'marked', pid: process.pid });
    const path = `api/v1/runs/${String(id)}/marks`;
    const batches = Array.from({ length: 200 }, (_, batch) =>
      Array.from({ length: 50 }, (_, i) => ({ kind: 'step', value: batch * 50 + i + 1, id: `m${batch * 50 + i + 1}` })),
    );
    const acknowledged = new Set<string>();
    let waiting = batches;
    /** Eight clients at once, until all is sent or the engine is gone; what was not answered is sent again by the next. */
    async function send(onSent: (sent: number) => void): Promise<void> {
      const unsent = [...waiting];
      let sent = 0;
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          for (let batch = unsent.shift(); batch !== undefined; batch = unsent.shift()) {
            const own = batch;
            try {
              await post(server.address, path, { marks: own });
            } catch {
              return;
            }
            for (const mark of own) acknowledged.add(mark.id);
            waiting = waiting.filter((one) => one !== own);
            onSent(++sent);
          }
        }),
      );
    }
    let isKilled = false;
    await send((sent) => {
      if (sent !== 90 || isKilled) return;
      isKilled = true;
      server.child.kill('SIGKILL');
    });
    await server.ended;
    expect(isKilled).toBe(true);
    expect(waiting.length).toBeGreaterThan(0);
    const before = new Set(acknowledged);
    server = await serve();
    const kept = (await reportOf(server.address, String(id))).marks.map((mark) => mark.value);
    expect([...before].filter((name) => !kept.includes(Number(name.slice(1))))).toEqual([]);
    // And ten batches that were acknowledged already: a client cannot know which answer was lost.
    waiting = [...waiting, ...batches.slice(0, 10)];
    await send(() => {});
    expect(waiting).toEqual([]);
    const { marks } = await reportOf(server.address, String(id));
    expect(marks.map((mark) => mark.value).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
      Array.from({ length: 10_000 }, (_, i) => i + 1),
    );
    server.child.kill('SIGTERM');
    await server.ended;
  });
});

async function reportOf({ url, token }: Address, id: string): Promise<RunReport> {
  const answer = await fetch(new URL(`api/v1/runs/${id}`, url), { headers: { authorization: `Bearer ${token}` } });
  return (await answer.json()) as RunReport;
}

describe('the ranks that srun starts on one machine', () => {
  it('are one run, though each is wrapped by itself and the first to leave had the engine', async () => {
    const ranks = [1.5, 3, 4.5].map((seconds, rank) =>
      startCli(['run', '--', 'sh', '-c', `echo id $WATTRUN_RUN_ID; sleep ${seconds}; exit ${rank === 1 ? 3 : 0}`], {
        ...env,
        SLURM_JOB_ID: '4711',
        SLURM_STEP_ID: '0',
        SLURM_NTASKS: '3',
        SLURM_PROCID: String(rank),
      }),
    );
    const ended = await Promise.all(ranks.map((rank) => rank.ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 3, 0]);
    expect(new Set(ended.map(({ stdout }) => stdout)).size).toBe(1);
    const { stdout } = await runCli(['runs', '--json'], env);
    const { runs } = JSON.parse(stdout) as { runs: readonly { id: string; status: string; durationSeconds: number }[] };
    expect(runs).toHaveLength(1);
    const report = await showLast(env);
    expect(report.run).toMatchObject({ job: 'slurm:4711.0', status: 'failed', exitCode: 3 });
    expect(ended[0]?.stdout).toContain(report.run.id);
    // The summary is told once, by the last.
    expect(ended.filter(({ stderr }) => stderr.includes('Energy')).length).toBe(1);
    const { energy, run } = report;
    for (const domain of energy.domains) {
      expect(domain.joules ?? 0).toBeLessThanOrEqual((domain.peakWatts ?? 0) * run.durationSeconds * 1.01);
      expect(domain.runJoules ?? 0).toBeLessThanOrEqual((domain.joules ?? 0) + 1e-9);
    }
  });
});

describe('files that a training writes', () => {
  it('below its folder since it began are read, and older ones are not', async () => {
    const state = readFileSync(join(import.meta.dirname, '../../engine/output/recordings/trainer_state.json'), 'utf8');
    const folder = join(home, 'work');
    mkdirSync(join(folder, 'out/checkpoint-48'), { recursive: true });
    mkdirSync(join(folder, 'old/checkpoint-9000'), { recursive: true });
    writeFileSync(join(folder, 'state'), state);
    const old = join(folder, 'old/checkpoint-9000/trainer_state.json');
    writeFileSync(old, state.replace('"global_step": 48', '"global_step": 9000'));
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(old, longAgo, longAgo);
    const script = 'sleep 1; cp state out/checkpoint-48/trainer_state.json; sleep 0.5';
    const ended = await startCli(['run', '--no-marks', '--', 'sh', '-c', script], env, { cwd: folder }).ended;
    expect(ended.stderr).toContain('48 steps');
    const { progress, marks } = await showLast(env);
    expect(progress.steps).toMatchObject({ count: 48, source: 'file:trainer-state' });
    expect(progress.epochs?.count).toBe(3);
    expect(marks.every((mark) => mark.source === 'file:trainer-state')).toBe(true);
  });
});

const inTerminal = (command: string): string =>
  spawnSync('script', ['-qec', `stty cols 93 rows 31; ${command}`, '/dev/null'], {
    env: { ...process.env, ...env },
    encoding: 'latin1',
    maxBuffer: 64 * 1024 * 1024,
  }).stdout;
const wrapped = (options: string, command: string): string =>
  `${process.execPath} ${cliFile} run --quiet ${options} -- ${command}`;

describe('the output of a command', () => {
  it('to a file or pipe is the same to the byte, in order, both streams together too', async () => {
    const bytes = randomBytes(3_000_000);
    const file = join(home, 'bytes');
    writeFileSync(file, bytes);
    const out = join(home, 'out');
    spawnSync('sh', ['-c', `${wrapped('', `cat ${file}`)} > ${out}`], { env: { ...process.env, ...env } });
    const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
    expect(digest(readFileSync(out))).toBe(digest(bytes));
    const script =
      'i=0; while [ $i -lt 300 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done; echo late > /dev/stderr';
    const { stdout } = spawnSync('sh', ['-c', `${wrapped('', `sh -c '${script}'`)} 2>&1`], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    const lines = Array.from({ length: 300 }, (_, i) => `out ${i}\nerr ${i}\n`).join('');
    expect(stdout).toBe(`${lines}late\n`);
  });

  it.skipIf(spawnSync('script', ['--version']).status !== 0)(
    'to a terminal stays a terminal, of its size, with all its colours and carriage returns',
    () => {
      const bar = String.raw`printf "\033[32m 50%%|x|\r100%%|y|\033[0m\n"; stty size <&1; test -t 2 && echo both`;
      const plain = inTerminal(`sh -c '${bar}'`);
      expect(plain).toContain('31 93');
      expect(inTerminal(wrapped('', `sh -c '${bar}'`))).toBe(plain);
      expect(inTerminal(wrapped('--no-marks', `sh -c '${bar}'`))).toBe(plain);
    },
  );

  it.skipIf(spawnSync('script', ['--version']).status !== 0)(
    'to a terminal that it sets anew, as curses does, sets the one that is typed at, until it ends',
    () => {
      const settled =
        'for i in 1 2 3 4 5 6 7 8 9 10; do stty -a </dev/tty | grep -q -- -icanon && break; sleep 0.2; done';
      const told = 'stty -a </dev/tty | grep -Eo -- "-?(icanon|echo|opost)\\b" | sort | xargs echo';
      const script = join(home, 'sets.sh');
      writeFileSync(script, `stty -icanon -echo <&1; ${settled}; ${told}\n`);
      const after = `${told.replace('</dev/tty', '')}`;
      const said = inTerminal(`${wrapped('', `sh ${script}`)}; ${after}`)
        .trim()
        .split(/[\r\n]+/);
      expect(said).toEqual(['-echo -icanon opost', 'echo icanon opost']);
    },
  );

  it('that nobody reads any more ends the command, as it would without us', () => {
    const { stdout, status } = spawnSync('bash', ['-c', `set -o pipefail; ${wrapped('', 'yes')} | head -n 1`], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 20_000,
    });
    // 128 + SIGPIPE.
    expect([stdout, status]).toEqual(['y\n', 141]);
  });

  it.skipIf(!existsSync('/dev/full'))('that there is no space for does not end the command', () => {
    const script = 'for i in 1 2 3; do echo step $i; sleep 0.1; done; exit 5';
    const { stderr, status } = spawnSync('sh', ['-c', `${wrapped('', `sh -c '${script}'`)} > /dev/full`], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(status).toBe(5);
    // With --quiet nothing is said of it, and nothing fails aloud.
    expect(stderr).toBe('');
  });

  describe('that a program left behind holds open', () => {
    const leaving = (name: string, redirect: string) => {
      const out = join(home, `${name}.txt`);
      const done = join(home, `${name}.done`);
      const script = join(home, `${name}.sh`);
      // Longer than we wait; `touch` shows that it lives on after it has printed.
      writeFileSync(
        script,
        `(for i in 1 2 3 4 5 6; do sleep 0.5; echo $i; echo e$i >&2; done; touch ${done}) &\necho first\n`,
      );
      return { out, done, line: `${wrapped('', `sh ${script}`)} ${redirect.replaceAll('OUT', out)}` };
    };
    const all = ['first', ...[1, 2, 3, 4, 5, 6].flatMap((i) => [`${i}`, `e${i}`])];

    it('does not keep us, and loses nothing: it prints on, and lives', async () => {
      const { out, done, line } = leaving('left', '> OUT 2>&1');
      const { status } = spawnSync('sh', ['-c', line], { env: { ...process.env, ...env }, timeout: 25_000 });
      expect([status, existsSync(done)]).toEqual([0, false]);
      await until(() => existsSync(done), 'what was left behind');
      await until(() => readFileSync(out, 'utf8').includes('e6'), 'its last line');
      expect(readFileSync(out, 'utf8').trim().split('\n')).toEqual(all);
    });

    it('goes on to a pipe, whose reader sees its end with the program’s', () => {
      const { done, line } = leaving('piped', '2>&1 | cat');
      const { stdout } = spawnSync('sh', ['-c', line], { env: { ...process.env, ...env }, encoding: 'utf8' });
      expect(stdout.trim().split('\n')).toEqual(all);
      expect(existsSync(done)).toBe(true);
    });

    it.skipIf(spawnSync('script', ['--version']).status !== 0)('goes on to a terminal', () => {
      const { done, line } = leaving('shown', '');
      const shown = inTerminal(`${line}; while ! test -e ${done}; do sleep 0.1; done; sleep 0.5`);
      expect(shown.trim().split(/[\r\n]+/)).toEqual(all);
    });
  });

  it('is read by a pattern of the user, which is refused where it is none', async () => {
    const ended = await runCli(
      [
        'run',
        '--marks-pattern',
        'gradient update (?<step>\\d+)',
        '--',
        'sh',
        '-c',
        'for i in 1 2 3; do echo gradient update $i; done',
      ],
      env,
    );
    expect(ended.stderr).toContain('3 steps');
    expect((await showLast(env)).progress.steps).toMatchObject({ count: 3, source: 'log:pattern' });
    const refused = await runCli(['run', '--marks-pattern', '(', '--', 'true'], env);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
  });
});
