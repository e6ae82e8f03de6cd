import type { Settings, WallMeter } from '../../../shared/model/settings.ts';

/** Settings as clients see them: what is secret of a wattmeter is written, never read back. */
export const withoutSecrets = (settings: Settings): Settings => ({
  ...settings,
  wallMeters: settings.wallMeters.map((meter) => ({ ...meter, secret: null, hasSecret: meter.secret !== null })),
});

/**
 * Wattmeters as they are kept. One that comes back as it was read, without its secret, keeps it: under the same name, kind and address, so that no secret goes
 * to another host than it was given for. `hasSecret: false` drops it.
 */
export const withKeptSecrets = (written: readonly WallMeter[], before: readonly WallMeter[]): WallMeter[] =>
  written.map(({ hasSecret, ...meter }) => {
    if (meter.secret !== null || hasSecret === false) return meter;
    const known = before.find(({ name, kind, url }) => name === meter.name && kind === meter.kind && url === meter.url);
    return { ...meter, secret: known?.secret ?? null };
  });
