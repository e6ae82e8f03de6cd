import type { Provenance } from '../../shared/model/domain.ts';
import type { LiveDevice } from '../../shared/model/live.ts';
import type { SourceReport } from '../../shared/model/sensors.ts';

/** A part of the machine whose power is read. */
export interface FoundPart {
  readonly key: string;
  readonly provenance: Provenance;
  /** '8 × NVIDIA H100 80GB HBM3'. */
  readonly name: string;
  /** What reads it: 'NVML'. */
  readonly by: string;
  /** Sum of what its devices draw now; null while one of them has no reading. */
  readonly powerWatts: number | null;
}

/** Devices that are read, those alike in one row, in the order of the device table. */
export function foundParts(devices: readonly LiveDevice[], sources: readonly SourceReport[]): readonly FoundPart[] {
  const labels = new Map(sources.map((source) => [source.id, source.label]));
  const groups = new Map<string, LiveDevice[]>();
  for (const device of devices) {
    if (device.state === 'unmeasured') continue;
    const key = `${device.domain.kind}/${device.domain.name}/${device.source}/${device.provenance}`;
    groups.set(key, [...(groups.get(key) ?? []), device]);
  }
  return [...groups].map(([key, alike]) => {
    const name = alike[0]?.domain.name ?? '';
    const source = alike[0]?.source ?? '';
    const watts = alike.map((device) => device.powerWatts);
    return {
      key,
      provenance: alike[0]?.provenance ?? 'assumed',
      name: alike.length === 1 ? name : `${alike.length} × ${name}`,
      by: labels.get(source) ?? source,
      powerWatts: watts.every((each) => each !== null) ? watts.reduce((sum, each) => sum + each, 0) : null,
    };
  });
}
