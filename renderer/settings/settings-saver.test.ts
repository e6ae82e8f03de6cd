import { expect, it } from 'vitest';
import { WattrunError } from '../../shared/contract/errors.ts';
import type { SettingsPatch } from '../../shared/model/settings.ts';
import { createSettingsSaver } from './settings-saver.ts';

/** An engine that is there or not, and refuses a PUE under 1. */
function createEngine() {
  const engine = { isThere: true, kept: {} as SettingsPatch, told: [] as (string | null)[] };
  const saver = createSettingsSaver({
    write: async (patch) => {
      if (!engine.isThere) throw new WattrunError('engine/unreachable', 'Engine not answering.');
      if ((patch.pue ?? 1) < 1) throw new WattrunError('contract/invalid', 'pue');
      engine.kept = { ...engine.kept, ...patch };
    },
    onOutcome: (code) => engine.told.push(code),
  });
  return { engine, saver };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

it('keeps what is typed while the engine is gone, saves it when it is back, and then has no complaint', async () => {
  const { engine, saver } = createEngine();
  engine.isThere = false;
  saver.save({ pricePerKwh: 0.5 });
  saver.save({ pue: 1.2 });
  await settled();
  saver.save({ pricePerKwh: 0.55 });
  await settled();
  expect(engine.told.at(-1)).toBe('engine/unreachable');
  engine.isThere = true;
  saver.resume();
  await settled();
  expect(engine.kept).toEqual({ pricePerKwh: 0.55, pue: 1.2 });
  expect(engine.told.at(-1)).toBeNull();
});

it('asks once more only for what nobody answered', async () => {
  const { engine, saver } = createEngine();
  saver.save({ pue: 0.5 });
  await settled();
  saver.resume();
  await settled();
  expect(engine.told).toEqual(['contract/invalid']);
});
