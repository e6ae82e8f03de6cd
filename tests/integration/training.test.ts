import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli, showLast, temporaryHome } from './cli.ts';

const { home, remove } = temporaryHome();
afterAll(remove);

/** The best trainer this machine has: PyTorch, numpy, or plain Python doing the same by hand. */
const trainers = [
  {
    name: 'PyTorch',
    module: 'torch',
    code: `import time, torch
net = torch.nn.Sequential(torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 1)); opt = torch.optim.Adam(net.parameters(), 1e-3)
x = torch.randn(512, 64); y = x.pow(2).sum(1, keepdim=True); end = time.time() + 8; first = last = None
while time.time() < end:
    loss = (net(x) - y).pow(2).mean(); opt.zero_grad(); loss.backward(); opt.step(); last = loss.item(); first = first or last
assert last < first; print('trained')`,
  },
  {
    name: 'numpy',
    module: 'numpy',
    code: `import time, numpy as np
rng = np.random.default_rng(0); x = rng.normal(size=(512, 64)); y = x @ rng.normal(size=(64, 1)); w = np.zeros((64, 1)); end = time.time() + 8; first = last = None
while time.time() < end:
    error = x @ w - y; w -= 1e-3 * x.T @ error / len(x); last = float((error ** 2).mean()); first = first or last
assert last < first; print('trained')`,
  },
  {
    name: 'plain Python',
    module: 'random',
    code: `import time, random
random.seed(0); data = [(x, 3 * x + 1) for x in (random.random() for _ in range(500))]; a = b = 0.0; end = time.time() + 8; first = last = None
while time.time() < end:
    errors = [a * x + b - y for x, y in data]; last = sum(e * e for e in errors) / len(data); first = first or last
    a -= 0.1 * sum(e * x for e, (x, _) in zip(errors, data)) / len(data); b -= 0.1 * sum(errors) / len(data)
assert last < first; print('trained')`,
  },
] as const;

const trainer = trainers.find(({ module }) => spawnSync('python3', ['-c', `import ${module}`]).status === 0);

describe(`wattrun run around a training loop in ${trainer?.name ?? 'nothing: there is no python3 here'}`, () => {
  it.skipIf(trainer === undefined)(
    'trains as without it, and is on record with energy, emissions and its share of the CPU',
    async () => {
      const env = { WATTRUN_HOME: home, PATH: process.env.PATH ?? '/usr/bin:/bin' };
      const ended = await runCli(['run', '--name', 'training', '--', 'python3', '-c', trainer?.code ?? ''], env);
      expect(ended.stdout).toBe('trained\n');
      expect(ended.code).toBe(0);
      const { run, energy, emissions, utilization } = await showLast(env);
      expect(run.durationSeconds).toBeGreaterThan(8);
      expect(energy.coverage).toBeGreaterThanOrEqual(0.95);
      // How much CPU it gets is the machine's affair; that it is seen is ours.
      expect(utilization.meanCpuCores).toBeGreaterThan(0.05);
      const cpu = energy.domains.find((domain) => domain.kind === 'cpu');
      expect(cpu?.splitBy).toBe('cpu-time');
      expect(cpu?.runJoules).toBeGreaterThan(0);
      expect(cpu?.runJoules).toBeLessThanOrEqual(cpu?.joules ?? 0);
      // grams = kWh × factor × PUE, by hand from what the report itself says.
      const grams = ((energy.totalJoules ?? 0) / 3.6e6) * emissions.intensityGramsCO2ePerKwh * emissions.pue;
      expect(emissions.gramsCO2e).toBeCloseTo(grams, 9);
      expect(emissions.regionName).toBe('World average');
    },
  );
});
