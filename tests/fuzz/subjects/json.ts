import { parseWindowState } from '../../../electron/main/window-state.ts';
import { parseHomeAssistant } from '../../../engine/sources/wall/home-assistant.ts';
import {
  parseShellyClamp,
  parseShellyComponent,
  parseShellyPhases,
  parseShellyStatus,
} from '../../../engine/sources/wall/shelly.ts';
import { parseTasmota } from '../../../engine/sources/wall/tasmota.ts';
import { wireMessageSchema } from '../../../shared/contract/wire.ts';
import { domainSchema } from '../../../shared/model/domain.ts';
import { tagsSchema } from '../../../shared/model/run.ts';
import { defaultSettings, settingsPatchSchema, settingsSchema } from '../../../shared/model/settings.ts';
import { exampleGpu } from '../../examples.ts';
import type { FuzzSubject } from '../subject.ts';

/** JSON.parse's own refusal is the caller's to catch; whatever comes after it may not throw. */
const fromJson =
  (use: (body: unknown) => unknown) =>
  (text: string): unknown => {
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
    return use(body);
  };

const fromSchema = (schema: { safeParse(value: unknown): { success: boolean } }) =>
  fromJson((body) => schema.safeParse(body).success);

const text = (value: unknown): string => JSON.stringify(value, null, 1);

export const jsonSubjects: readonly FuzzSubject[] = [
  { id: 'settings', seeds: () => [text(defaultSettings)], run: fromSchema(settingsSchema) },
  { id: 'settings patch', seeds: () => [text(defaultSettings)], run: fromSchema(settingsPatchSchema) },
  { id: 'tags', seeds: () => [text({ lr: '3e-4', host: 'box' })], run: fromSchema(tagsSchema) },
  { id: 'stored domain', seeds: () => [text(exampleGpu())], run: fromSchema(domainSchema) },
  {
    id: 'wire message',
    seeds: () => [
      text({ kind: 'request', contract: 'engine', id: 1, name: 'live.read', payload: { a: [1, 2, { b: null }] } }),
      text({ kind: 'error', contract: 'engine', id: 2, error: { code: 'internal', message: 'x' } }),
    ],
    run: fromSchema(wireMessageSchema),
  },
  {
    id: 'window state',
    seeds: () => [text({ bounds: { x: 0, y: 0, width: 800, height: 600 }, isMaximized: false, theme: 'dark' })],
    run: parseWindowState,
  },
  {
    id: 'shelly',
    seeds: () => [
      text({ id: 0, apower: 106.3, voltage: 230.1, aenergy: { total: 267.813, by_minute: [0, 1, 2] } }),
      text({ meters: [{ power: 4.55, is_valid: true, total: 102 }] }),
      text({ id: 0, a_act_power: 107.4, b_act_power: 20.1, c_act_power: 0, act_power: 127.5 }),
    ],
    run: fromJson((body) => [
      parseShellyComponent(body),
      parseShellyClamp(body),
      parseShellyPhases(body, 0),
      parseShellyStatus(body, 0),
    ]),
  },
  {
    id: 'tasmota',
    seeds: () => [
      text({ StatusSNS: { Time: '2026-01-01T00:00:00', ENERGY: { Total: 3.185, Power: 45, ApparentPower: 50 } } }),
    ],
    run: fromJson((body) => parseTasmota(body, 0)),
  },
  {
    id: 'home assistant',
    seeds: () => [
      text({ entity_id: 'sensor.a', state: '106.3', attributes: { unit_of_measurement: 'W', device_class: 'power' } }),
    ],
    run: fromJson(parseHomeAssistant),
  },
];
