import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../shared/model/settings.ts';
import { exampleContext } from '../../tests/examples.ts';
import { amdSmiMetric, installFakeAmdTool } from '../../tests/fakes/amd-tools.ts';
import { writeFileTree } from '../../tests/fakes/file-tree.ts';
import { amdApuTree, amdCardTree, intelCardTree } from '../../tests/fakes/graphics-cards.ts';
import { installFakeNvidiaSmi } from '../../tests/fakes/install.ts';
import { createFakePowercap } from '../../tests/fakes/powercap.ts';
import { systemClock } from '../clock/clock.ts';
import { createLocalMachine } from '../machine/local-machine.ts';
import { createSourceDefinitions } from './registry.ts';
import { createSimulatedServer } from './simulated/simulated-server.ts';
import type { SourceContext, SourceDefinition } from './source.ts';

const root = mkdtempSync(join(tmpdir(), 'wattrun-registry-'));
const nowhere = join(root, 'nowhere');
const bin = join(root, 'bin');
const before = process.env.FAKE_NVIDIA_SMI;

/** A plug with a wattmeter, on this machine. */
const plug = createServer((_request, response) => response.end('{"StatusSNS":{"ENERGY":{"Power":187}}}'));
let plugUrl = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => plug.listen(0, '127.0.0.1', resolve));
  const address = plug.address();
  plugUrl = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  mkdirSync(join(root, 'full'));
  writeFileSync(join(root, 'full/stat'), 'cpu  100 0 100 800 0 0 0 0 0 0\n');
  createFakePowercap(join(root, 'full'));
  writeFileTree(join(root, 'full'), amdCardTree(0, '0000:0c:00.0'));
  writeFileTree(join(root, 'full'), amdApuTree(1, '0000:64:00.0'));
  writeFileTree(join(root, 'full'), intelCardTree(2, '0000:03:00.0'));
  installFakeNvidiaSmi(bin);
  installFakeAmdTool(bin, 'amd-smi').print({ metric: amdSmiMetric([{ gpu: 0, powerWatts: 94 }]) });
  process.env.FAKE_NVIDIA_SMI = JSON.stringify({
    gpus: [
      {
        uuid: 'GPU-aaaa',
        name: 'NVIDIA A',
        busId: '00000000:01:00.0',
        limitWatts: 300,
        wave: { kind: 'constant', highWatts: 200 },
      },
    ],
  });
});
afterAll(() => {
  plug.close();
  if (before === undefined) delete process.env.FAKE_NVIDIA_SMI;
  else process.env.FAKE_NVIDIA_SMI = before;
  rmSync(root, { recursive: true, force: true });
});

const context = (world: string, path: string): SourceContext =>
  exampleContext(systemClock, {
    environment: { PATH: path, WATTRUN_NVML: join(nowhere, 'libnvidia-ml.so.1') },
    sysfsRoot: world,
    procfsRoot: world,
    periodSeconds: () => 0.1,
  });
const emptyWorld = (): SourceContext => context(nowhere, nowhere);
const fullWorld = (): SourceContext => ({
  ...context(join(root, 'full'), bin),
  settings: () => ({
    ...defaultSettings,
    wallMeters: [{ name: 'desk', kind: 'tasmota', url: plugUrl, entity: null, secret: null }],
  }),
});
const definitionsOf = ({ procfsRoot, sysfsRoot }: SourceContext): readonly SourceDefinition[] => [
  ...createSourceDefinitions(createLocalMachine(procfsRoot, sysfsRoot)),
  createSimulatedServer(systemClock, Date.now()).definition,
];
const ids = definitionsOf(emptyWorld()).map((definition) => definition.descriptor.id);
const definitionOf = (id: string, of: SourceContext): SourceDefinition => {
  const found = definitionsOf(of).find((definition) => definition.descriptor.id === id);
  if (found === undefined) throw new Error(`no source ${id}`);
  return found;
};

describe('createSourceDefinitions', () => {
  it('puts what counts before what samples, and both before what estimates', () =>
    expect(ids).toEqual([
      'nvml',
      'nvidia-smi',
      'amdgpu',
      'amd-smi',
      'intel-gpu',
      'rapl',
      'powermetrics',
      'energy-meter',
      'amd-apu',
      'cpu-model',
      'memory-model',
      'wall-meter',
      'simulated',
    ]));

  it('gives every source its own id, words for people and, unless it is simulated, a command that shows the same number', () => {
    expect(new Set(ids).size).toBe(ids.length);
    for (const { descriptor } of definitionsOf(emptyWorld())) {
      expect(descriptor.label).not.toBe('');
      expect(descriptor.measures).not.toBe('');
      expect(descriptor.sameNumberCommand !== '' || descriptor.isSimulated === true).toBe(true);
    }
  });

  it.each(ids)('%s says in words what is missing in an empty world, or is available', async (id) => {
    const of = emptyWorld();
    const found = await definitionOf(id, of).probe(of);
    if (found.kind === 'unavailable') expect(found.reason).toMatch(/\w{3,}.*\.$/);
    else {
      expect(found.covers.length).toBeGreaterThan(0);
      // Nothing of the hardware is there: only what stands on the load or on the size of the memory can be.
      expect(['cpu-model', 'memory-model', 'simulated', 'nvidia-smi']).toContain(id);
      await (await found.open()).close();
    }
  });

  it.each([
    'nvidia-smi',
    'amdgpu',
    'amd-smi',
    'intel-gpu',
    'rapl',
    'amd-apu',
    'cpu-model',
    'memory-model',
    'wall-meter',
    'simulated',
  ])(
    '%s opens, reads domains of its own and closes, twice over',
    async (id) => {
      const of = fullWorld();
      const found = await definitionOf(id, of).probe(of);
      if (found.kind === 'unavailable') throw new Error(found.reason);
      const source = await found.open();
      const signal = new AbortController().signal;
      const readings = [...(await source.read(signal)), ...(await source.read(signal))];
      const domainIds = source.domains().map((domain) => domain.id);
      expect(domainIds.length).toBeGreaterThan(0);
      expect(new Set(domainIds).size).toBe(domainIds.length);
      for (const domain of source.domains()) expect(domain.source).toBe(id);
      for (const reading of readings) {
        expect(domainIds).toContain(reading.domain.id);
        expect(reading.atMs).toBeLessThanOrEqual(systemClock.monotonicMs());
        expect(reading.error.lowRatio).toBeLessThanOrEqual(reading.error.highRatio);
        if (reading.missing !== null) expect([reading.powerWatts, reading.counterJoules]).toEqual([null, null]);
      }
      await source.close();
      await source.close();
    },
    15_000,
  );
});
