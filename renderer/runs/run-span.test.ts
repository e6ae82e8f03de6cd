import { expect, it } from 'vitest';
import { spanLines } from './run-span.ts';

it('says once what the start and the end have alike', () => {
  expect(spanLines('Today 03:18', 'Today 03:25')).toEqual(['Today 03:18 –', 'Today 03:25']);
  expect(spanLines('Today 03:18', 'Today 03:18')).toEqual(['Today 03:18']);
});
