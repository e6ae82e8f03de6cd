import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { systemClock } from '../../../engine/clock/clock.ts';
import { nvmlSource } from '../../../engine/sources/nvml/nvml-source.ts';
import type { Source, SourceContext, SourceReading } from '../../../engine/sources/source.ts';
import { exampleContext } from '../../examples.ts';
import type { FakeConfig, FakeGpu } from '../nvidia-smi/config.mjs';
import { buildNvmlStub, type NvmlExtras, renderNvmlConfig } from './build.ts';

export const stubGpu = (change: Partial<FakeGpu> = {}): FakeGpu => ({
  uuid: 'GPU-aaaaaaaa-0000-0000-0000-000000000000',
  name: 'NVIDIA Fake A',
  busId: '00000000:01:00.0',
  limitWatts: 350,
  wave: { kind: 'constant', highWatts: 250 },
  ...change,
});

export interface StubWorld {
  /** Why there is no stub here; null: there is one. */
  readonly skipReason: string | null;
  /** Monotonic time of phase zero in what was started last. */
  zeroMs(): number;
  /** Writes the machine and opens the source on it; phase zero was one second ago. */
  open(config: Partial<FakeConfig>, extras?: NvmlExtras, context?: Partial<SourceContext>): Promise<Source>;
  probe(
    config: Partial<FakeConfig>,
    extras?: NvmlExtras,
    context?: Partial<SourceContext>,
  ): ReturnType<typeof nvmlSource.probe>;
  remove(): void;
}

/** A folder with the compiled stub, and the NVML source over it. `omit`: symbols that this driver lacks. */
export function createStubWorld(omit: readonly string[] = []): StubWorld {
  const folder = mkdtempSync(join(tmpdir(), 'wattrun-nvml-'));
  const stub = buildNvmlStub(folder, omit);
  const configPath = join(folder, 'stub.conf');
  let zeroMs = 0;

  const probe: StubWorld['probe'] = (config, extras = {}, context = {}) => {
    const phaseZeroUnixMs = Date.now() - 1000;
    zeroMs = systemClock.monotonicMs() - 1000;
    writeFileSync(
      configPath,
      renderNvmlConfig({ gpus: [stubGpu()], phaseZeroUnixMs, ...config } as FakeConfig, extras),
    );
    // In a worker thread process.env is a copy that C never sees.
    koffi.load('libc.so.6').func('int setenv(const char *name, const char *value, int overwrite)')(
      'NVML_STUB_CONFIG',
      configPath,
      1,
    );
    const path = 'path' in stub ? stub.path : '';
    return nvmlSource.probe(exampleContext(systemClock, { environment: { WATTRUN_NVML: path }, ...context }));
  };
  return {
    skipReason: 'skipped' in stub ? stub.skipped : null,
    zeroMs: () => zeroMs,
    probe,
    async open(config, extras, context) {
      const found = await probe(config, extras, context);
      if (found.kind === 'unavailable') throw new Error(found.reason);
      return found.open();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const signal = new AbortController().signal;

export const readUsual = (source: Source): Promise<readonly SourceReading[]> => source.read(signal);
export const readEdge = (source: Source): Promise<readonly SourceReading[]> => source.read(signal, { isEdge: true });

/** The reading of the only domain, or of the one with this id. */
export function onlyOf(readings: readonly SourceReading[], id?: string): SourceReading {
  const found = id === undefined ? readings.at(-1) : readings.findLast((reading) => reading.domain.id === id);
  if (found === undefined) throw new Error(`no reading of ${id ?? 'anything'}`);
  return found;
}

/** Reads every 100 ms until a reading is as wanted, for at most `limitMs`. */
export async function readUntil(
  of: Source,
  isWanted: (reading: SourceReading) => boolean,
  limitMs: number,
): Promise<SourceReading> {
  const untilMs = systemClock.monotonicMs() + limitMs;
  let last = onlyOf(await readUsual(of));
  while (!isWanted(last) && systemClock.monotonicMs() < untilMs) {
    await systemClock.sleep(100);
    last = onlyOf(await readUsual(of));
  }
  return last;
}
