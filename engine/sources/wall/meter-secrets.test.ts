import { expect, it } from 'vitest';
import { defaultSettings, type WallMeter } from '../../../shared/model/settings.ts';
import { withKeptSecrets, withoutSecrets } from './meter-secrets.ts';

const plug: WallMeter = {
  name: 'rack',
  kind: 'tasmota',
  url: 'http://192.0.2.7',
  entity: null,
  secret: 'hunter2',
};
const read = withoutSecrets({ ...defaultSettings, wallMeters: [plug] }).wallMeters;

it('tells that there is a secret, and not which', () => {
  expect(read).toEqual([{ ...plug, secret: null, hasSecret: true }]);
  expect(withoutSecrets({ ...defaultSettings, wallMeters: [{ ...plug, secret: null }] }).wallMeters).toMatchObject([
    { hasSecret: false },
  ]);
});

it('keeps the secret of a meter that is written as it was read', () => {
  expect(withKeptSecrets(read, [plug])).toEqual([plug]);
  // A client of before knows nothing of hasSecret.
  expect(withKeptSecrets([{ ...plug, secret: null }], [plug])).toEqual([plug]);
  expect(withKeptSecrets([{ ...plug, secret: 'new' }], [plug])).toEqual([{ ...plug, secret: 'new' }]);
});

it('gives it to no other address, and drops it when told to', () => {
  for (const other of [
    { url: 'http://192.0.2.8' },
    { kind: 'shelly' as const },
    { name: 'desk' },
    { hasSecret: false },
  ])
    expect(withKeptSecrets([{ ...plug, secret: null, ...other }], [plug])).toMatchObject([{ secret: null }]);
});
