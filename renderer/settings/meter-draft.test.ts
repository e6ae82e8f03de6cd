import { expect, it } from 'vitest';
import { checkMeter, emptyMeter, type MeterDraft } from './meter-draft.ts';

const plug: MeterDraft = { ...emptyMeter, name: 'Rack', url: '192.168.1.20' };

it('makes a meter of what is typed, with the address completed', () => {
  expect(checkMeter(plug, [])).toEqual({
    meter: { name: 'rack', kind: 'tasmota', url: 'http://192.168.1.20', entity: null, secret: null },
    mistakes: [],
  });
});

it('refuses what the engine would refuse, by field', () => {
  expect(checkMeter(emptyMeter, []).mistakes).toEqual(['name', 'url']);
  expect(checkMeter({ ...plug, name: 'the rack' }, []).mistakes).toEqual(['name']);
  expect(checkMeter({ ...plug, url: 'file:///etc/passwd' }, []).mistakes).toEqual(['url']);
  expect(checkMeter({ ...plug, secret: 'x'.repeat(2001) }, []).mistakes).toEqual(['secret']);
});

it('refuses a second meter of one name: they would be one device', () => {
  const { meter } = checkMeter(plug, []);
  expect(meter).not.toBeNull();
  expect(checkMeter({ ...plug, url: '192.168.1.21' }, meter === null ? [] : [meter])).toEqual({
    meter: null,
    mistakes: ['taken'],
  });
});

it('asks for the entity and the token that Home Assistant does not answer without', () => {
  const draft: MeterDraft = { ...plug, kind: 'home-assistant' };
  expect(checkMeter(draft, []).mistakes).toEqual(['entity', 'secret']);
  expect(checkMeter({ ...draft, entity: 'sensor.plug_power', secret: 'token' }, []).meter?.entity).toBe(
    'sensor.plug_power',
  );
});
