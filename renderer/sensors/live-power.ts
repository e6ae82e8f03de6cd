import type { LiveDevice } from '../../shared/model/live.ts';
import type { SourceReport } from '../../shared/model/sensors.ts';

/** Sources with the power that their devices draw now: they are asked for every other second, the devices come with every reading. */
export function withLivePower(
  sources: readonly SourceReport[],
  devices: readonly LiveDevice[] | undefined,
): readonly SourceReport[] {
  if (devices === undefined) return sources;
  const powers = new Map(devices.map(({ domain, powerWatts }) => [domain.id, powerWatts]));
  return sources.map((source) => {
    const own = source.domainIds.flatMap((id) => powers.get(id) ?? []);
    const powerWatts = own.length === 0 ? null : own.reduce((sum, watts) => sum + watts, 0);
    return source.powerWatts === powerWatts ? source : { ...source, powerWatts };
  });
}
