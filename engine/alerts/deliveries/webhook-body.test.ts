import { expect, it } from 'vitest';
import { alertEntryDefaults } from '../../../shared/model/alert.ts';
import { alertMessage } from './alert-message.ts';
import { webhookBody } from './webhook-body.ts';

const hostile = '<!channel> <https://evil.example|click> @everyone **x**';
const message = alertMessage(
  {
    ...alertEntryDefaults,
    id: 'a1',
    ruleId: 'r1',
    ruleName: hostile,
    level: 'critical',
    scopeLabel: 'GPU 2',
    firedAtMs: 0,
    clearedAtMs: null,
    valueWatts: null,
    peakWatts: null,
    limitWatts: null,
    value: 89,
    limit: 88,
    unit: '°C',
    runIds: ['run1'],
    isTest: false,
    isAcknowledged: false,
    deliveries: [],
  },
  'fired',
  { deliveryId: 'a1.fired.d1', machine: 'hgx-07', runNames: ['sft'] },
);
const bodyOf = (template: Parameters<typeof webhookBody>[0], url = 'https://example.org/hook') => {
  const made = webhookBody(template, url, message);
  return { url: made.url, value: JSON.parse(made.body) as Record<string, unknown> };
};

it('generic is the whole message with its id', () => {
  expect(bodyOf('generic').value).toMatchObject({
    schemaVersion: 1,
    deliveryId: 'a1.fired.d1',
    event: 'alert.fired',
    text: 'GPU 2: 89 °C, limit 88 °C.',
    alert: { firedAt: '1970-01-01T00:00:00.000Z', value: 89, limit: 88, unit: '°C', runNames: ['sft'] },
  });
});

it('Slack has no markup of a name', () => {
  const text = String(bodyOf('slack').value.text);
  expect(text).toContain('&lt;!channel&gt;');
  expect(text).not.toMatch(/[<>]/);
  expect(text).toContain('a1.fired.d1');
});

it('Discord mentions nobody and makes no link', () => {
  const { value } = bodyOf('discord');
  expect(value.allowed_mentions).toEqual({ parse: [] });
  expect(String(value.content)).toContain('\\@everyone \\*\\*x\\*\\*');
});

it('ntfy goes to the server of its topic, loud by level', () => {
  const { url, value } = bodyOf('ntfy', 'https://ntfy.sh/my-topic');
  expect(url).toBe('https://ntfy.sh/');
  expect(value).toMatchObject({ topic: 'my-topic', priority: 5 });
  expect(bodyOf('ntfy', 'https://host.example/ntfy/t').url).toBe('https://host.example/ntfy/');
});
