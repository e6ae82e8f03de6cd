import type { LiveDevice } from '../../shared/model/live.ts';

export type HealthTone = 'plain' | 'warn' | 'crit';

/** What a device's rows in memory are worth a word for, the gravest first. */
export type RemapWord = 'failed' | 'pending' | 'count' | 'none' | 'untold';

export interface HealthRow {
  readonly device: LiveDevice;
  readonly remap: { readonly word: RemapWord; readonly count: number };
}

/** Devices of which there is something to tell: health, an idle draw that was learned, samples beside a counter. */
export function healthRows(devices: readonly LiveDevice[]): readonly HealthRow[] {
  return devices
    .filter(
      ({ domain, health, idleWatts, disagreementRatio, throttleReasons }) =>
        domain.kind === 'gpu' ||
        health !== null ||
        idleWatts !== null ||
        disagreementRatio !== null ||
        throttleReasons.length > 0,
    )
    .map((device) => ({ device, remap: remapOf(device.health) }));
}

function remapOf(health: LiveDevice['health']): HealthRow['remap'] {
  const count = health?.remappedRowCount ?? 0;
  if (health?.hasRemapFailed === true) return { word: 'failed', count };
  if (health?.isRemapPending === true) return { word: 'pending', count };
  if (health?.remappedRowCount == null) return { word: 'untold', count };
  return { word: count > 0 ? 'count' : 'none', count };
}

/** Rows that could not be remapped, and errors that were not corrected, mean wrong results; pending rows and corrected errors do not yet. */
export const remapTone = (word: RemapWord): HealthTone =>
  word === 'failed' ? 'crit' : word === 'pending' ? 'warn' : 'plain';

/** True where any device tells of errors that were not corrected, of rows that failed or wait, or of an XID. */
export const hasTrouble = (rows: readonly HealthRow[]): boolean =>
  rows.some(
    ({ device: { health }, remap }) =>
      (health?.eccUncorrectedCount ?? 0) > 0 ||
      remap.word === 'failed' ||
      remap.word === 'pending' ||
      (health?.xid ?? null) !== null,
  );
