import type { PowerSample } from '../../energy/mean-power.ts';
import { createSampledPower, type SampledMean, type SampledPower } from '../../energy/sampled-power.ts';
import type { PowerSensorTiming } from '../nvidia/nvidia-facts.ts';
import type { SourceContext } from '../source.ts';
import { numberOf, parseCell, type SmiRow } from './parse-rows.ts';
import { wantedPowerFields } from './smi-fields.ts';
import { createSmiStream, type SmiStream } from './smi-stream.ts';

export interface Taken {
  readonly samples: readonly PowerSample[];
  readonly mean: SampledMean | null;
}

export interface PartTimePower {
  /** While a GPU's sensor sees only a part of the time, so that one sample a second would stand for far too much; and while a run may end at any moment. */
  setWanted(isWanted: boolean): void;
  /** Samples of a GPU since the last call, ended by this newest one. Their mean where the sensor is given: null while there are too few. */
  take(uuid: string, newest: PowerSample, sensor: PowerSensorTiming | null): Taken;
  close(): void;
}

/** Sensors renew their value every 100 ms (Yang, Adamek, Armour 2024). */
const updateMs = 100;
const jitterRatio = 0.15;
const mostSamples = 2048;

/**
 * A second stream of nvidia-smi, for power alone, at the pace at which the sensor renews it. The tool's loop has one spacing; a random one each start, a
 * little under the sensor's, keeps no step with a load that repeats every 100 ms.
 */
export function createPartTimePower(options: {
  readonly path: string;
  readonly context: SourceContext;
  readonly knownFields: () => ReadonlySet<string>;
  readonly rowTimeMs: (row: SmiRow, arrivedAtMs: number) => number;
  readonly random?: () => number;
}): PartTimePower {
  const { path, context, rowTimeMs, random = Math.random } = options;
  const byGpu = new Map<string, PowerSample[]>();
  const powers = new Map<string, SampledPower>();
  let stream: SmiStream | null = null;
  let spacingMs = updateMs;

  function receive(row: SmiRow, arrivedAtMs: number): void {
    const uuid = row.cells.get('uuid') ?? '';
    const watts = numberOf(parseCell(row.cells.get('power.draw.instant') ?? row.cells.get('power.draw') ?? ''));
    if (watts === null || watts < 0) return;
    const samples = byGpu.get(uuid) ?? [];
    const atMs = rowTimeMs(row, arrivedAtMs);
    if (atMs <= (samples.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY)) return;
    samples.push({ atMs, watts });
    if (samples.length > mostSamples) samples.splice(0, mostSamples / 2);
    byGpu.set(uuid, samples);
  }

  function powerOf(uuid: string, { windowSeconds, updateMs: sensorUpdateMs }: PowerSensorTiming): SampledPower {
    // The architecture, and with it the sensor, may be known only later.
    const key = `${uuid} ${windowSeconds} ${sensorUpdateMs}`;
    const known = powers.get(key);
    if (known !== undefined) return known;
    const power = createSampledPower({ sensorWindowSeconds: windowSeconds, spacingMs, updateMs: sensorUpdateMs });
    powers.set(key, power);
    return power;
  }

  return {
    setWanted(isWanted) {
      if (isWanted === (stream !== null)) return;
      stream?.close();
      stream = null;
      byGpu.clear();
      powers.clear();
      if (!isWanted) return;
      spacingMs = updateMs * (1 - jitterRatio * random());
      stream = createSmiStream({
        path,
        wanted: wantedPowerFields,
        knownFields: options.knownFields,
        periodMs: spacingMs,
        clock: context.clock,
        onRow: receive,
        onWords: () => {},
        onEnd: () => {},
        log: context.log,
      });
    },
    take(uuid, newest, sensor) {
      if (stream === null) return { samples: [], mean: null };
      const all = byGpu.get(uuid) ?? [];
      const samples = [...all.filter((sample) => sample.atMs < newest.atMs), newest];
      byGpu.set(uuid, [newest, ...all.filter((sample) => sample.atMs > newest.atMs)]);
      return { samples, mean: sensor === null ? null : powerOf(uuid, sensor).meanOf(samples) };
    },
    close() {
      stream?.close();
      stream = null;
    },
  };
}
