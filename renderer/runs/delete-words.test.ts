import { expect, it } from 'vitest';
import { createI18n } from '../i18n/i18n.ts';
import { deletedText } from './delete-words.ts';

const i18n = await createI18n();
const t = (key: string, values?: Readonly<Record<string, string | number>>): string =>
  i18n.getFixedT('en', 'views')(key, { ...values });
const run = (name: string) => ({ runId: name, name });

it('counts what was deleted', () => {
  expect(deletedText(t, { deleted: 2, running: [] })).toBe('2 runs deleted');
});

it('names what stays because it is running, and what mends it', () => {
  expect(deletedText(t, { deleted: 1, running: [run('sft')] })).toBe(
    '1 run deleted. sft is running and stays: stop it first.',
  );
  expect(deletedText(t, { deleted: 0, running: ['a', 'b', 'c', 'd'].map(run) })).toBe(
    'Nothing was deleted. a, b, c … are running and stay: stop them first.',
  );
});

it('says that what is gone was gone before', () => {
  expect(deletedText(t, { deleted: 0, running: [] })).toBe('It was deleted already.');
});
